import 'reflect-metadata';
import { createApi } from './create-api.js';
import { loadConfig } from './platform/config/index.js';
import { runProcess } from './platform/lifecycle/index.js';

await runProcess(async () => {
  const config = loadConfig(process.env, 'api');
  const app = await createApi(config);
  await app.listen(config.port, config.host);
  return app;
});
