/** A Chinese sentence with names of another script in it: a space where a Chinese character meets a Latin letter or a digit, as printers set it. */
export const hanGaps = (text: string): string => text.replace(/(\p{sc=Han})([\p{sc=Latin}\d])/gu, "$1 $2").replace(/([\p{sc=Latin}\d%)])(\p{sc=Han})/gu, "$1 $2");
