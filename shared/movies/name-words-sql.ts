/** The words of a column `name` as titles are folded, for a column that PostgreSQL fills itself. */
export const nameWordsSql = "(to_tsvector('simple', translate(search_text(name), '|', ' '))) stored";
