// Signing in for every script that uses the running product.
import { AuscultClient, ProblemError } from '../../libs/client/dist/index.js';

/**
 * Answers what a client of either kind needs: { baseUrl, accessToken, client }. An access token lives minutes and a script hours: it signs
 * in again when the token is refused. A password that is not taken any more means signed out, like a token that cannot be renewed; every other
 * failure may pass.
 */
export async function signIn(baseUrl, email, password) {
  const anonymous = new AuscultClient({ baseUrl });
  let session = await anonymous.auth.signIn({ email, password });
  const accessToken = {
    current: () => session.accessToken,
    refresh: async () => {
      try {
        session = await anonymous.auth.signIn({ email, password });
        return session.accessToken;
      } catch (error) {
        if (ProblemError.is(error, 'credentials-wrong')) return null;
        throw error;
      }
    },
  };
  return { baseUrl, accessToken, client: new AuscultClient({ baseUrl, accessToken }) };
}
