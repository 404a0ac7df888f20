package box

import (
	"context"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/round"
	"osbu/sql/db"
)

var refusals = db.Refusals{
	"log_round":           domain.Fail(domain.Invalid, domain.CodeInvalid, "the round's address is not one"),
	"manifest_round_fkey": domain.Fail(domain.NotFound, domain.CodeNotFound, "the round has no log key"),
	"vote_round_fkey":     domain.Fail(domain.NotFound, domain.CodeNotFound, "the round has no manifest"),
	"vote_not_open": domain.Fail(
		domain.Closed,
		round.CodeVotingClosed,
		"the vote is not open",
	), // the clock struck within the transaction
	"partition_sealed":       domain.Fail(domain.Busy, domain.CodeBusy, "the partition was sealed at this moment"),
	"checkpoint_next":        domain.Fail(domain.Busy, domain.CodeBusy, "another server has extended the log meanwhile"),
	"vote_closed":            domain.Fail(domain.Closed, round.CodeVotingClosed, "the vote is closed"),
	"paper_batch_round_fkey": domain.Fail(domain.NotFound, domain.CodeNotFound, "the vote was never opened"),
	"paper_batch_known":      domain.Fail(domain.NotFound, domain.CodeNotFound, "there is no such batch"),
	"paper_batch_settled":    domain.Fail(domain.Conflict, box.CodeBatch, "the batch is sealed or left out"),
	"paper_batch_attempt":    domain.Fail(domain.Conflict, box.CodeReopened, "the batch is being keyed in anew"),
	"keyed_once":             domain.Fail(domain.Conflict, domain.CodeEdited, "these sheets were handed in meanwhile"),
	"paper_batches_open":     domain.Fail(domain.Conflict, box.CodeBatchOpen, "a batch is neither sealed nor left out"),
	"leaf_serial":            domain.Fail(domain.Conflict, box.CodeSerial, "a sheet with this serial is in the log"),
}

// KeepLog keeps a round's first log key.
func (s *Store) KeepLog(ctx context.Context, round string, l box.Log) (box.Log, error) {
	_, err := s.db.ExecContext(
		ctx,
		"INSERT INTO log (round, key, sealed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
		round,
		l.Key,
		l.Sealed,
	)
	if err != nil {
		return box.Log{}, refusals.Explain(err)
	}
	return s.Log(ctx, round)
}

// Log is a round's log key.
func (s *Store) Log(ctx context.Context, round string) (l box.Log, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT key, sealed FROM log WHERE round = ?", round).Scan(&l.Key, &l.Sealed)
	return l, refusals.Explain(err)
}

// KeepManifest keeps a round's first manifest.
func (s *Store) KeepManifest(ctx context.Context, round string, note []byte) ([]byte, error) {
	_, err := s.db.ExecContext(
		ctx,
		"INSERT INTO manifest (round, note) VALUES (?, ?) ON CONFLICT DO NOTHING",
		round,
		note,
	)
	if err != nil {
		return nil, refusals.Explain(err)
	}
	return s.Manifest(ctx, round)
}

// Manifest is a round's signed manifest.
func (s *Store) Manifest(ctx context.Context, round string) (note []byte, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT note FROM manifest WHERE round = ?", round).Scan(&note)
	return note, refusals.Explain(err)
}
