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

	"osbu/domain"
	"osbu/domain/record"
	"osbu/domain/round"
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
	if _, err := d.ExecContext(ctx,
		"UPDATE round SET phase = 'confirmed', confirm_decision = '§ 2' WHERE id = 'r'"); err != nil {
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
