export { readCardFile } from './package/read-card-file.js';
export { type VerifiedPackage, verifyModelPackage } from './package/verify-package.js';
export { writeModelPackage } from './package/write-package.js';
