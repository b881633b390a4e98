import type pg from 'pg';

export function bulk(owner: pg.Client, entries: number): Promise<void>;
