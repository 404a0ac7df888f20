package office_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"testing"
	"testing/fstest"
	"time"

	"osbu/domain"
	"osbu/domain/record"
	"osbu/domain/round"
	"osbu/sql/db"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

// stream is bytes that nobody holds all of.
func stream(seed uint64, size int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{byte(seed)}), size)
}

// A record of several pieces comes back as it was written, from anywhere in it;
// a publication that fails on the way leaves nothing.
func TestPublicationIsKeptInPieces(t *testing.T) {
	d, store := open(t)
	ctx := context.Background()
	if err := store.CreateRound(ctx, newRound("r"), entry("r", "create")); err != nil {
		t.Fatal(err)
	}
	goTo(t, d, "r", "proposing", "vetting", "frozen", "voting", "closed", "counted")
	if _, err := d.ExecContext(ctx, "UPDATE round SET phase = 'confirmed', confirm_decision = '§ 2' WHERE id = 'r'"); err != nil {
		t.Fatal(err)
	}
	const size = 2*record.PieceSize + 12345
	var kept record.Stored
	errPower := errors.New("the power failed")
	publish := func(fail bool) error {
		_, _, err := store.PublishRound(
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
				r.Phase = round.Delivering
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
	for _, missing := range []error{second(store.Piece(ctx, "r", record.Whole, 3)), second(store.Stored(ctx, "r", record.Withheld)), second(store.Stored(ctx, "s", record.Whole))} {
		if domain.KindOf(missing) != domain.NotFound {
			t.Errorf("what is not there: %v", missing)
		}
	}
	if err := store.Note(ctx, entry("r", "withheld")); err != nil {
		t.Fatal(err)
	}
	log, err := store.Audit(ctx, "r", 0)
	if err != nil || len(log) != 3 || log[1].Action != "publish" || log[2].Action != "withheld" {
		t.Errorf("%+v, %v", log, err)
	}
}

func second[T any](_ T, err error) error { return err }

// Records of the time before pieces are cut into them, and rounds that are not
// frozen get the usual openings_from.
func TestOldRecordsAreCutIntoPieces(t *testing.T) {
	ctx := context.Background()
	before := fstest.MapFS{}
	all := office.Migrations()
	files, err := fs.ReadDir(all, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if text, err := fs.ReadFile(all, f.Name()); err != nil {
			t.Fatal(err)
		} else if f.Name() != "00080_pieces.tx.up.sql" {
			before[f.Name()] = &fstest.MapFile{Data: text}
		}
	}
	d := testdb.New(t, before, office.Role)
	for id, state := range map[string]string{"old": "'confirmed', false", "draft": "'draft', false", "trial": "'draft', true"} {
		if _, err := d.Owner.ExecContext(ctx, `ALTER TABLE round DISABLE TRIGGER USER; INSERT INTO round (id, name, phase, rehearsal, proposing_opens, proposing_closes, vetting_opens,
			vetting_closes, voting_opens, voting_closes, rule, age, moment, municipalities, reserve_maintenance, final_ballots, freeze_decision, confirm_decision)
			VALUES ('`+id+`', '{"fi": "x"}', `+state+`, '2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05', '2026-01-06', '{"rule": "greedy"}', 13, 'voting', '{}',
			true, true, '§ 1', '§ 2'); ALTER TABLE round ENABLE TRIGGER USER`); err != nil {
			t.Fatal(err)
		}
	}
	zip, _ := io.ReadAll(stream(2, 3*record.PieceSize))
	if _, err := d.Owner.ExecContext(ctx, "INSERT INTO record (round, zip) VALUES ('old', ?)", zip); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Migrate(ctx, d.Owner, all); err != nil {
		t.Fatal(err)
	}
	store := office.New(d.DB, helsinki(t))
	stored, err := store.Stored(ctx, "old", record.Whole)
	if err != nil || stored.Size != int64(len(zip)) || stored.Digest != fmt.Sprintf("%x", sha256.Sum256(zip)) {
		t.Errorf("%+v, %v", stored, err)
	}
	var got []byte
	for n := range 3 {
		piece, err := store.Piece(ctx, "old", record.Whole, n)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, piece...)
	}
	if _, err := store.Piece(ctx, "old", record.Whole, 3); !bytes.Equal(got, zip) ||
		domain.KindOf(err) != domain.NotFound {
		t.Errorf("other bytes came back, or more: %v", err)
	}
	for id, want := range map[string]int{"old": 0, "draft": 100, "trial": 0} {
		if r, _, err := store.Round(ctx, id); err != nil || r.Settings.OpeningsFrom != want {
			t.Errorf("%s: openings_from %d, want %d (%v)", id, r.Settings.OpeningsFrom, want, err)
		}
	}
}
