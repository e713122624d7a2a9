import { TestBed } from '@angular/core/testing';
import { Theme } from './theme';

describe('Theme', () => {
  beforeEach(() => {
    localStorage.clear();
    delete document.documentElement.dataset['theme'];
  });

  it('follows the system until somebody chooses', () => {
    expect(TestBed.inject(Theme).choice()).toBe('system');
  });

  it('sets and remembers a choice, and forgets it for the system', () => {
    const theme = TestBed.inject(Theme);
    theme.choose('dark');
    expect(document.documentElement.dataset['theme']).toBe('dark');
    expect(localStorage.getItem('auscult.theme')).toBe('dark');
    theme.choose('system');
    expect(document.documentElement.dataset['theme']).toBeUndefined();
    expect(localStorage.getItem('auscult.theme')).toBeNull();
  });

  it('starts with what was chosen before', () => {
    localStorage.setItem('auscult.theme', 'light');
    expect(TestBed.inject(Theme).choice()).toBe('light');
  });

  it('works where the browser refuses storage', () => {
    const refuse = jest.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const theme = TestBed.inject(Theme);
    theme.choose('dark');
    expect(theme.choice()).toBe('dark');
    refuse.mockRestore();
  });
});
