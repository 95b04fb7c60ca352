// How the files for a script tag are minified.
export const terserOptions = { module: true, ecma: 2020, compress: { passes: 3, ecma: 2020, unsafe_arrows: true, pure_getters: true, keep_fargs: false }, format: { comments: false, ecma: 2020 } };
