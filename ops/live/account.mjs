// Signing in for every script that uses the running product.
import { AuscultClient } from '../../libs/client/dist/index.js';

/**
 * Answers what a client of either kind needs: { baseUrl, accessToken, client }. An access token lives minutes and a script hours: it signs
 * in again when the token is refused.
 */
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
  return { baseUrl, accessToken, client: new AuscultClient({ baseUrl, accessToken }) };
}
