/**
 * The dashboard's own scripts read where they stand in an element named `base`. One that is no HTML says so as well,
 * and cannot change where links lead: the policy of the page allows no other.
 */
const stand = document.createElementNS('http://www.w3.org/2000/svg', 'base');
stand.setAttribute('href', document.currentScript.dataset.stand);
document.head.append(stand);
