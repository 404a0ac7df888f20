package box

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain/round"
)

// LeafType is a leaf's first word.
type LeafType string

// The types of leaves.
const (
	ManifestLeaf LeafType = "manifest"
	BallotLeaf   LeafType = "ballot"
	PaperLeaf    LeafType = "paper"
	CloseLeaf    LeafType = "close"
	AuditLeaf    LeafType = "audit"
)

// Leaf is one entry of a round's log: a line of ASCII without its newline,
// words parted by one space, numbers decimal, digests in lower-case
// hexadecimal. The types and what follows them:
//
//	manifest 5f0c…         SHA-256 of the signed manifest (the whole note); leaf 0, and no other
//	ballot 5d3d… 1 3b7b…   SHA-256 of the nullifier, seq, SHA-256 of the ballot
//	paper KALLIO1 7QX…     a sheet: its batch, its serial, SHA-256 of the ballot that was keyed in
//	close 90494            how many ballot and paper leaves stand before it; only audit leaves follow
//	audit open 7c1e…       a step of the round (round.LoggedSteps), and the office's audit log's head after it
//
// Its hash in the tree is SHA-256 of a zero byte and the line (RFC 6962 §2.1,
// RFC 9162 §2.1.1).
type Leaf struct {
	Type      LeafType
	Manifest  [32]byte   // of a manifest leaf
	Nullifier [32]byte   // of a ballot leaf: the nullifier's SHA-256
	Seq       int        // of a ballot leaf
	Commit    [32]byte   // of a ballot or paper leaf
	Batch     string     // of a paper leaf
	Serial    string     // of a paper leaf
	Ballots   int64      // of a close leaf
	Audit     round.Head // of an audit leaf
}

// String is the line.
func (l Leaf) String() string {
	switch l.Type {
	case ManifestLeaf:
		return fmt.Sprintf("manifest %x", l.Manifest)
	case BallotLeaf:
		return fmt.Sprintf("ballot %x %d %x", l.Nullifier, l.Seq, l.Commit)
	case PaperLeaf:
		return fmt.Sprintf("paper %s %s %x", l.Batch, l.Serial, l.Commit)
	case CloseLeaf:
		return fmt.Sprintf("close %d", l.Ballots)
	case AuditLeaf:
		return fmt.Sprintf("audit %s %x", l.Audit.Step, l.Audit.Hash)
	}
	return string(l.Type)
}

// Hash is the leaf's in the tree.
func (l Leaf) Hash() tlog.Hash { return tlog.RecordHash([]byte(l.String())) }

// ParseLeaf reads a line exactly as String writes it, and no other spelling.
func ParseLeaf(line string) (Leaf, error) {
	words := strings.Split(line, " ")
	l := Leaf{Type: LeafType(words[0])}
	var err error
	switch {
	case l.Type == ManifestLeaf && len(words) == 2:
		l.Manifest, err = digest(words[1])
	case l.Type == BallotLeaf && len(words) == 4:
		if l.Nullifier, err = digest(words[1]); err != nil {
			break
		}
		if l.Seq, err = strconv.Atoi(words[2]); err != nil || l.Seq < 1 {
			err = fmt.Errorf("seq %.20q, want a number from 1", words[2])
			break
		}
		l.Commit, err = digest(words[3])
	case l.Type == PaperLeaf && len(words) == 4:
		l.Batch, l.Serial = words[1], words[2]
		if err = NameSheet(l.Batch, l.Serial); err == nil {
			l.Commit, err = digest(words[3])
		}
	case l.Type == CloseLeaf && len(words) == 2:
		if l.Ballots, err = strconv.ParseInt(words[1], 10, 64); err != nil || l.Ballots < 0 {
			err = fmt.Errorf("%.20q ballots, want a number from 0", words[1])
		}
	case l.Type == AuditLeaf && len(words) == 3:
		if l.Audit.Step = round.Step(words[1]); !slices.Contains(round.LoggedSteps, l.Audit.Step) {
			err = fmt.Errorf("%.20q is no step of a round", words[1])
			break
		}
		l.Audit.Hash, err = digest(words[2])
	default:
		err = fmt.Errorf("%.20q with %d words, want manifest, ballot, paper, close or audit with theirs", words[0],
			len(words))
	}
	if err == nil && l.String() != line { // +1, 01, upper-case digits
		err = fmt.Errorf("not written as a leaf is")
	}
	if err != nil {
		return Leaf{}, fmt.Errorf("leaf: %w", err)
	}
	return l, nil
}

// digest reads a SHA-256 in hexadecimal.
func digest(text string) (d [32]byte, err error) {
	if len(text) != hex.EncodedLen(len(d)) {
		return d, fmt.Errorf("a digest of %d characters, want %d", len(text), hex.EncodedLen(len(d)))
	}
	_, err = hex.Decode(d[:], []byte(text))
	return d, err
}
