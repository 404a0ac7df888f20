package office_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"osbu/domain"
	"osbu/domain/record"
	"osbu/domain/round"
)

// stream is bytes that nobody holds all of.
func stream(seed uint64, size int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{byte(seed)}), size)
}

// The decision's number follows the audit log's corrections, and nothing else:
// neither an update nor an entry that corrects another number.
func TestDecisionFollowsItsCorrections(t *testing.T) {
	d, store := open(t)
	ctx := context.Background()
	if err := store.CreateRound(ctx, newRound("r"), entry("r", "create")); err != nil {
		t.Fatal(err)
	}
	goTo(t, d, "r", "proposing", "vetting", "frozen", "voting", "closed", "counted")
	correct := func(details string) error {
		_, err := store.CorrectRound(ctx, "r", func(*round.Round, time.Time) (round.Entry, error) {
			e := entry("r", string(round.Correct))
			e.Details = details
			return e, nil
		})
		return err
	}
	const right = `{"corrects":"confirm","decision":"§ 3","from":"§ 2","reason":"typed wrong"}`
	refuse := func(what string, err error, constraint string) {
		t.Helper()
		if e, ok := errors.AsType[*pgconn.PgError](err); !ok || e.ConstraintName != constraint {
			t.Errorf("%s: got %v, want %s", what, err, constraint)
		}
	}
	refuse("before the confirmation", correct(right), "audit_correction")
	if _, err := d.ExecContext(ctx,
		"UPDATE round SET phase = 'confirmed', confirm_decision = '§ 2' WHERE id = 'r'"); err != nil {
		t.Fatal(err)
	}
	_, err := d.ExecContext(ctx, "UPDATE round SET confirm_decision = '§ 3' WHERE id = 'r'")
	refuse("an update alone", err, "round_frozen")
	for name, details := range map[string]string{
		"of another number": `{"corrects":"confirm","decision":"§ 4","from":"§ 3","reason":"typed wrong"}`,
		"of another step":   `{"corrects":"freeze","decision":"§ 3","from":"§ 2","reason":"typed wrong"}`,
		"for no reason":     `{"corrects":"confirm","decision":"§ 3","from":"§ 2","reason":""}`,
		"into the same":     `{"corrects":"confirm","decision":"§ 2","from":"§ 2","reason":"typed wrong"}`,
		"into none":         `{"corrects":"confirm","decision":"","from":"§ 2","reason":"typed wrong"}`,
		"of nothing":        `{}`,
	} {
		refuse(name, correct(details), "audit_correction")
	}
	if err := correct(right); err != nil {
		t.Fatal(err)
	}
	r, err := store.Round(ctx, "r")
	if err != nil || r.ConfirmDecision != "§ 3" {
		t.Errorf("got %q, %v", r.ConfirmDecision, err)
	}
	entries, err := store.Corrections(ctx, "r")
	if err != nil || len(entries) != 1 || entries[0].Details != right || entries[0].At.IsZero() {
		t.Errorf("got %+v, %v", entries, err)
	}
	_, err = d.ExecContext(ctx, "UPDATE round SET confirm_decision = '§ 2' WHERE id = 'r'")
	refuse("back, without an entry", err, "round_frozen")
}

// A record of several pieces comes back as it was written, from anywhere in it;
// a publication that fails on the way leaves nothing.
func TestPublicationIsKeptInPieces(t *testing.T) {
	t.Parallel()
	d, store := open(t)
	ctx := context.Background()
	if err := store.CreateRound(ctx, newRound("r"), entry("r", "create")); err != nil {
		t.Fatal(err)
	}
	goTo(t, d, "r", "proposing", "vetting", "frozen", "voting", "closed", "counted")
	if _, err := d.ExecContext(ctx,
		"UPDATE round SET phase = 'confirmed', confirm_decision = '§ 2' WHERE id = 'r'"); err != nil {
		t.Fatal(err)
	}
	const size = 2*record.PieceSize + 12345
	var kept record.Stored
	errPower := errors.New("the power failed")
	publish := func(fail bool) error {
		_, err := store.PublishRound(
			ctx,
			"r",
			nil,
			func(r *round.Round, _ time.Time, keep record.Keep) (round.Entry, error) {
				var err error
				kept, err = keep(record.Whole, func(w io.Writer) error {
					_, err := io.CopyBuffer(w, stream(1, size), make([]byte, 7777))
					return err
				})
				if err == nil && fail {
					err = errPower
				}
				r.Phase, r.CopiesDestroyed = round.Delivering, "IT, 1.12."
				return entry("r", "publish"), err
			},
		)
		return err
	}
	if err := publish(true); !errors.Is(err, errPower) {
		t.Fatal(err)
	}
	if _, err := store.Stored(ctx, "r", record.Whole); domain.KindOf(err) != domain.NotFound {
		t.Errorf("after a failure: %v", err)
	}
	if err := publish(false); err != nil {
		t.Fatal(err)
	}
	want, _ := io.ReadAll(stream(1, size))
	if digest := fmt.Sprintf("%x", sha256.Sum256(want)); kept.Size != size || kept.Digest != digest {
		t.Errorf("kept %+v, want %s", kept, digest)
	}
	stored, err := store.Stored(ctx, "r", record.Whole)
	if err != nil || stored != kept {
		t.Errorf("%+v, %v", stored, err)
	}
	var got []byte
	for n, length := range []int{record.PieceSize, record.PieceSize, 12345} {
		piece, err := store.Piece(ctx, "r", record.Whole, n)
		if err != nil || len(piece) != length {
			t.Errorf("piece %d: %d bytes, %v", n, len(piece), err)
		}
		got = append(got, piece...)
	}
	if !bytes.Equal(got, want) {
		t.Error("other bytes came back")
	}
	for _, missing := range []error{
		second(store.Piece(ctx, "r", record.Whole, 3)),
		second(store.Stored(ctx, "r", record.Withheld)), second(store.Stored(ctx, "s", record.Whole)),
	} {
		if domain.KindOf(missing) != domain.NotFound {
			t.Errorf("what is not there: %v", missing)
		}
	}
	if err := store.Note(ctx, entry("r", "withheld")); err != nil {
		t.Fatal(err)
	}
	log := oldestFirst(t, store, "r", 0)
	if len(log) != 3 || log[1].Action != "publish" || log[2].Action != "withheld" {
		t.Errorf("%+v", log)
	}
}

func second[T any](_ T, err error) error { return err }
