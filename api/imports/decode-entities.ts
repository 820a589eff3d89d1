/** The names of U+00A0 to U+00FF, in their order. */
const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

const named = new Map<string, string>([
  ...latin1.split(' ').map((name, place): [string, string] => [name, String.fromCharCode(0xa0 + place)]),
  ...Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    ndash: '–',
    mdash: '—',
    lsquo: '‘',
    rsquo: '’',
    ldquo: '“',
    rdquo: '”',
    sbquo: '‚',
    bdquo: '„',
    hellip: '…',
    bull: '•',
    trade: '™',
    euro: '€',
    OElig: 'Œ',
    oelig: 'œ',
    Scaron: 'Š',
    scaron: 'š',
    Yuml: 'Ÿ',
  }),
]);

const entity = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+\d*));/gi;
/** `&amp;amp;#039;`: programs that encode what is encoded. */
const maxTimes = 3;

/** Text out of a web page, as its reader saw it. What is no entity stays as it is. */
export function decodeEntities(text: string): string {
  let decoded = text;
  for (let time = 0; time < maxTimes && decoded.includes('&'); time++)
    decoded = decoded.replace(entity, (whole, hex, digits, name) =>
      name === undefined
        ? characterOf(hex === undefined ? Number(digits) : parseInt(hex, 16))
        : (named.get(name) ?? whole),
    );
  return decoded;
}

const characterOf = (code: number): string =>
  code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
