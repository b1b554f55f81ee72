/** Fixed by build/ at bundling: true in development and test builds, false in what ships. */
declare const __DEVELOPMENT__: boolean;
