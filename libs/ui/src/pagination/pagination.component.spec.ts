import { TestBed } from '@angular/core/testing';
import { PaginationComponent } from './pagination.component';

async function create(page: number, total: number) {
  const fixture = TestBed.createComponent(PaginationComponent);
  for (const [name, value] of Object.entries({ page, pageSize: 20, total })) fixture.componentRef.setInput(name, value);
  await fixture.whenStable();
  const chosen: number[] = [];
  fixture.componentInstance.pageChange.subscribe((to) => chosen.push(to));
  const root = fixture.nativeElement as HTMLElement;
  const [newer, older] = root.querySelectorAll('button');
  return { root, newer, older, chosen };
}

describe('PaginationComponent', () => {
  it('is not there while everything fits on one page', async () => {
    expect((await create(1, 20)).root.querySelector('nav')).toBeNull();
  });

  it('says where it is and goes both ways from the middle', async () => {
    const { root, newer, older, chosen } = await create(2, 45);
    expect(root.textContent).toContain('21–40 of 45');
    newer!.click();
    older!.click();
    expect(chosen).toEqual([1, 3]);
  });

  it('ends at both ends', async () => {
    const first = await create(1, 45);
    expect([first.newer!.disabled, first.older!.disabled]).toEqual([true, false]);
    const last = await create(3, 45);
    expect([last.newer!.disabled, last.older!.disabled]).toEqual([false, true]);
    expect(last.root.textContent).toContain('41–45 of 45');
  });
});
