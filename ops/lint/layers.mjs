import nx from '@nx/eslint-plugin';
import { specs } from './typescript.mjs';

const server = ['@nestjs/*', '@mikro-orm/*', 'bull', 'ioredis', 'socket.io', 'pg', 'express'];
const browser = ['@angular/*'];

/** contracts <- speech, client <- ui <- frontend; contracts, speech <- backend (docs/architecture.md). */
export const layers = [
  { sourceTag: 'layer:contracts', onlyDependOnLibsWithTags: ['layer:contracts'], allowedExternalImports: ['zod', 'tslib'] },
  { sourceTag: 'layer:speech', onlyDependOnLibsWithTags: ['layer:speech', 'layer:contracts'], bannedExternalImports: [...server, ...browser] },
  { sourceTag: 'layer:client', onlyDependOnLibsWithTags: ['layer:client', 'layer:contracts'], bannedExternalImports: [...server, ...browser] },
  { sourceTag: 'layer:ui', onlyDependOnLibsWithTags: ['layer:ui', 'layer:client', 'layer:contracts'], bannedExternalImports: server },
  {
    sourceTag: 'layer:frontend',
    onlyDependOnLibsWithTags: ['layer:frontend', 'layer:ui', 'layer:client', 'layer:contracts'],
    bannedExternalImports: server,
  },
  { sourceTag: 'layer:backend', onlyDependOnLibsWithTags: ['layer:backend', 'layer:contracts', 'layer:speech'], bannedExternalImports: browser },
];

const boundaries = (depConstraints) => [
  'error',
  // #migrations stands for sources and for built files, which lie at different depths.
  { allow: ['#migrations'], allowCircularSelfDependency: false, banTransitiveDependencies: false, enforceBuildableLibDependency: true, depConstraints },
];

/**
 * A spec obeys the layers too, but may bring the other side: the client's specs talk to a real Socket.IO server, the backend's are talked to by
 * the real client.
 */
const layersOfSpecs = layers.map(({ sourceTag, onlyDependOnLibsWithTags: below }) => ({
  sourceTag, onlyDependOnLibsWithTags: sourceTag === 'layer:backend' ? [...below, 'layer:client'] : below,
}));

export const layerRules = [
  { files: ['**/*.ts'], plugins: { '@nx': nx }, rules: { '@nx/enforce-module-boundaries': boundaries(layers) } },
  { files: specs, rules: { '@nx/enforce-module-boundaries': boundaries(layersOfSpecs) } },
];
