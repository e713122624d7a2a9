import { TestBed } from '@angular/core/testing';
import { OnAirSign } from './on-air-sign';

describe('OnAirSign', () => {
  it('never says in the tab that a session is on air which gets no sound', () => {
    document.title = 'New session · Auscult';
    TestBed.configureTestingModule({ providers: [OnAirSign] });
    const sign = TestBed.inject(OnAirSign);
    sign.show('on-air');
    expect(document.title).toContain('On air');
    sign.show('no-sound');
    expect(document.title).toBe('▲ No sound · Auscult');
    sign.show('off');
    expect(document.title).toBe('New session · Auscult');
  });
});
