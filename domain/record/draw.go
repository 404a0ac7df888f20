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
}

// Draw confirms a record and draws size of the ballots that count, all if there
// are fewer. They are those with the smallest DrawKey, in the order of the log:
// whoever knows the seed draws the same, and whoever throws dice for it after
// the record is published draws ballots that nobody could prepare.
func Draw(ctx context.Context, record Source, o Options, seed string, size int) ([]Drawn, Confirmed, error) {
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
			if !v.leaves[b.index].outdone {
				all = append(all, Drawn{b.index, a.Area, a.Withheld, b.vote})
			}
			return nil
		})
		if err != nil {
			return nil, Confirmed{}, err
		}
	}
	slices.SortFunc(all, func(a, b Drawn) int {
		x, y := DrawKey(seed, a.Index), DrawKey(seed, b.Index)
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
