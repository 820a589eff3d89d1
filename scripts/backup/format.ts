/** What the first line of a backup says it is. */
export const formatName = 'nexus-backup-1';
