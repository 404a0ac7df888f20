package db

import (
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"osbu/domain"
)

// Refusals maps the name of a constraint (or the CONSTRAINT a trigger raises
// with) to the error the domain knows it by.
type Refusals map[string]*domain.Error

// Explain turns a violated constraint into its domain error and no rows into
// NotFound; other errors pass as they are. A PostgreSQL error keeps its code
// and constraint but loses its DETAIL, which quotes values of the row.
func (r Refusals) Explain(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "no such row")
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	if refusal, known := r[e.ConstraintName]; known && e.ConstraintName != "" {
		return refusal
	}
	if e.Code == "53300" || e.Code == "57P03" { // too many connections, cannot connect now
		return domain.Fail(domain.Busy, domain.CodeBusy, "the database is at its limit")
	}
	return err
}

// Referred tells whether a row stayed because others refer to it.
func Referred(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "23503" // foreign_key_violation
}
