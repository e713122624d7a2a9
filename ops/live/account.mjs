import { AuscultClient } from '../../libs/client/dist/index.js';

/** Signs in; answers what a client of either kind needs. Signs in again when the token has run out, hours later. */
export async function signIn(baseUrl, email, password) {
  const anonymous = new AuscultClient({ baseUrl });
  let session = await anonymous.auth.signIn({ email, password });
  const accessToken = {
    current: () => session.accessToken,
    refresh: async () => {
      session = await anonymous.auth.signIn({ email, password });
      return session.accessToken;
    },
  };
  return { accessToken, client: new AuscultClient({ baseUrl, accessToken }) };
}
