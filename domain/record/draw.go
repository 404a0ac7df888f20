package record

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"slices"
	"strconv"

	"osbu/domain/ballot"
)

// Drawn is a ballot that was drawn from a record to be looked at by hand.
type Drawn struct {
	Index    int64 // of its leaf
	Area     string
	Withheld bool // its choices are not in the record
	Vote     ballot.Vote
	// Of a sheet of paper.
	Batch, Serial string
}

// Draw confirms a record and draws size of the ballots that count, all if there
// are fewer. They are those with the smallest DrawKey, in the order of the log:
// whoever knows the seed draws the same, and whoever throws dice for it after
// the record is published draws ballots that nobody could prepare.
func Draw(ctx context.Context, record Source, o Options, seed string, size int) ([]Drawn, Confirmed, error) {
	return draw(ctx, record, o, func(d Drawn) ([sha256.Size]byte, bool) { return DrawKey(seed, d.Index), true }, size)
}

// DrawSheets draws sheets of paper alone, so that what was typed in can be
// compared with them: those with the smallest SheetKey. Which sheets there are
// stands in the log from the sealing of their batch on.
func DrawSheets(ctx context.Context, record Source, o Options, seed string, size int) ([]Drawn, Confirmed, error) {
	return draw(ctx, record, o, func(d Drawn) ([sha256.Size]byte, bool) {
		return SheetKey(seed, d.Batch, d.Serial), d.Serial != ""
	}, size)
}

// draw draws those of the ballots that key takes, with the smallest keys.
func draw(
	ctx context.Context,
	record Source,
	o Options,
	key func(Drawn) (k [sha256.Size]byte, takes bool),
	size int,
) ([]Drawn, Confirmed, error) {
	v, err := verified(ctx, record, o)
	if err != nil {
		return nil, Confirmed{}, err
	}
	var all []Drawn
	for _, a := range v.Published.Areas {
		name, paper := ballotsFile(a), paperOf(v.Manifest, a.Area)
		read := parseOpening
		if a.Withheld {
			read = parseProof
		}
		err := v.zip.lines(name, longestOpening, func(n int, line []byte) error {
			b, err := read(line, sealedLength(paper), paper.Form.VoteKind())
			if err != nil {
				return fault(name, n, "%v", err)
			}
			one := Drawn{b.index, a.Area, a.Withheld, b.vote, b.batch, b.serial}
			if _, takes := key(one); takes && !v.leaves[b.index].outdone {
				all = append(all, one)
			}
			return nil
		})
		if err != nil {
			return nil, Confirmed{}, err
		}
	}
	slices.SortFunc(all, func(a, b Drawn) int {
		x, _ := key(a)
		y, _ := key(b)
		return bytes.Compare(x[:], y[:])
	})
	drawn := all[:min(max(size, 0), len(all))]
	slices.SortFunc(drawn, func(a, b Drawn) int { return cmp.Compare(a.Index, b.Index) })
	return drawn, v.Confirmed, nil
}

// DrawKey is the SHA-256 of seed ‖ 0x00 ‖ index as text, as for the lot:
//
//	printf '%s\0%s' "$seed" "$index" | sha256sum
func DrawKey(seed string, index int64) [sha256.Size]byte {
	return sha256.Sum256(strconv.AppendInt(append([]byte(seed), 0), index, 10))
}

// SheetKey is the SHA-256 of seed ‖ 0x00 ‖ batch ‖ a space ‖ serial:
//
//	printf '%s\0%s %s' "$seed" "$batch" "$serial" | sha256sum
func SheetKey(seed, batch, serial string) [sha256.Size]byte {
	return sha256.Sum256([]byte(seed + "\x00" + batch + " " + serial))
}
