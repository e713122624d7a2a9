import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Problem, UserPage, UserView } from '@auscult/contracts';
import { type SignedIn, TestStack } from '../../../test/index.js';

let stack: TestStack;
let admin: SignedIn;
beforeAll(async () => {
  stack = await TestStack.start();
  admin = await stack.people.signedIn({ role: 'admin', displayName: 'Ada' });
});
afterAll(() => stack.close());

const body = (email: string) => ({ email, displayName: 'Dr. New', role: 'clinician', password: 'twelve letters' });

async function codeOf(response: Response): Promise<string> {
  return Problem.parse(await response.json()).code;
}

describe('an admin', () => {
  it('adds a person to the own practice, who can then sign in', async () => {
    const response = await admin.send('POST', '/api/users', body('New.Person@Example.org'));
    expect(response.status).toBe(201);
    const created = UserView.parse(await response.json());
    expect(created).toMatchObject({ email: 'new.person@example.org', role: 'clinician', practiceName: admin.session.user.practiceName });
    expect((await stack.people.signIn('new.person@example.org', 'twelve letters')).id).toBe(created.id);
  });

  it('sees the people of the own practice only, by name and page', async () => {
    const elsewhere = await stack.people.addPractice('Elsewhere');
    await stack.people.add({ practiceId: elsewhere, displayName: 'Zoe Elsewhere' });
    await stack.people.add({ displayName: 'Zed Here' });
    const all = UserPage.parse(await (await admin.fetch('/api/users?pageSize=100')).json());
    const names = all.items.map((person) => person.displayName);
    expect(names).toContain('Zed Here');
    expect(names).not.toContain('Zoe Elsewhere');
    expect(names).toEqual([...names].sort());
    const last = UserPage.parse(await (await admin.fetch(`/api/users?pageSize=1&page=${all.total}`)).json());
    expect(last).toMatchObject({ page: all.total, pageSize: 1, total: all.total });
    expect(last.items.map((person) => person.displayName)).toEqual(names.slice(-1));
  });

  it('is told when the address is taken, also by somebody added at the same moment', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => admin.send('POST', '/api/users', body('twice@example.org'))));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409]);
    expect(await codeOf(answers.find((answer) => answer.status === 409) as Response)).toBe('email-taken');
  });

  it('cannot choose another practice, an id or a weak password', async () => {
    const elsewhere = await stack.people.addPractice('Elsewhere');
    const sneaky = await admin.send('POST', '/api/users', { ...body('sneaky@example.org'), practiceId: elsewhere, id: admin.id });
    expect(UserView.parse(await sneaky.json())).toMatchObject({ practiceName: admin.session.user.practiceName });
    const weak = await admin.send('POST', '/api/users', { ...body('weak@example.org'), password: 'short' });
    expect(weak.status).toBe(400);
    expect(Problem.parse(await weak.json()).issues).toEqual([expect.objectContaining({ path: 'password' })]);
  });
});

describe('an intruder', () => {
  it('without a token, or a clinician, neither sees nor adds people', async () => {
    const clinician = await stack.people.signedIn();
    for (const response of [await clinician.fetch('/api/users'), await clinician.send('POST', '/api/users', body('by-clinician@example.org'))]) {
      expect(response.status).toBe(403);
      expect(await codeOf(response)).toBe('forbidden');
    }
    expect((await fetch(`${stack.url}/api/users`)).status).toBe(401);
    expect((await fetch(`${stack.url}/api/users`, { method: 'POST' })).status).toBe(401);
    await expect(stack.people.signIn('by-clinician@example.org', 'twelve letters')).rejects.toThrow('401');
  });

  it("who is another practice's admin sees only that practice", async () => {
    const practiceId = await stack.people.addPractice('Other');
    const other = await stack.people.signedIn({ role: 'admin', practiceId });
    const page = UserPage.parse(await (await other.fetch('/api/users?pageSize=100')).json());
    expect(page.items.map((person) => person.id)).toEqual([other.id]);
  });
});
