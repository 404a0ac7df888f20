package db

import (
	"context"
	"fmt"
)

// SameCluster tells whether two databases lie in one cluster of PostgreSQL or
// in copies of one: whether a single write-ahead log holds the commits of both.
// Every cluster has an identifier of its own, made by initdb; a standby has its
// primary's.
func SameCluster(ctx context.Context, a, b *DB) (bool, error) {
	var ids [2]string
	for i, d := range []*DB{a, b} {
		err := d.NewRaw("SELECT system_identifier::text FROM pg_catalog.pg_control_system()").Scan(ctx, &ids[i])
		if err != nil {
			return false, fmt.Errorf("which cluster a database lies in (grant its role EXECUTE on pg_control_system): %w", err)
		}
	}
	return ids[0] == ids[1], nil
}
