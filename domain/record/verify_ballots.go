package record

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/round"
)

// batch is how many ballots a core checks at a time.
const batch = 64

// ballots checks every line of every area, and that no ballot of the log is
// without one.
func (v *verifying) ballots(ctx context.Context) error {
	v.votes = make([]areaVotes, len(v.Published.Areas))
	var done int64
	for i, a := range v.Published.Areas {
		area, _ := v.Manifest.Area(a.Area)
		e, err := v.election(area, paperOf(v.Manifest, a.Area))
		if err != nil {
			return within(manifestFile, err)
		}
		name := ballotsFile(a)
		counted, onPaper := 0, 0
		var proofs [][32]byte
		said := areaVotes{online: make([]ballot.Vote, 0, min(a.Ballots, len(v.leaves)))}
		check := e.check
		if a.Withheld {
			check = e.checkProof
		}
		err = e.lines(ctx, v.zip, name, check, func(n int, o *checked) error {
			l := &v.leaves[o.index]
			if l.opened {
				return fault(name, n, "the ballot of leaf %d is in another area's file, too", o.index)
			}
			l.opened = true
			if !l.outdone {
				counted++
				said = said.with(o.vote, l.onPaper())
			}
			if l.onPaper() {
				onPaper++
			}
			if a.Withheld {
				proofs = append(proofs, o.proof)
			}
			if done++; done%1000 == 0 {
				v.Progress(CheckingBallots, done, v.Leaves-2)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if onPaper != a.Sheets {
			return v.wrong(fmt.Sprintf("areas/%d/sheets", i), "area %s: %d sheets of paper, but %s has %d", a.Area, a.Sheets,
				name, onPaper)
		}
		if !a.Withheld {
			v.votes[i] = said
			continue
		}
		if counted != a.Ballots {
			return v.wrong(fmt.Sprintf("areas/%d/ballots", i), "area %s: %d ballots, but %s has %d that count",
				a.Area, a.Ballots, name, counted)
		}
		if v.auditors == nil {
			v.Unchecked = append(v.Unchecked, a.Area)
			continue
		}
		if v.votes[i], err = v.uncovered(ctx, e, proofs); err != nil {
			return ofAuditors(err)
		}
	}
	if err := v.voids(ctx); err != nil {
		return err
	}
	return v.unopened()
}

// voids checks the sealed ballots that do not count: each must be void for the
// reason that is given, and they must be as many as outcome.json says.
func (v *verifying) voids(ctx context.Context) error {
	for i, name := range voidFiles(v.Published) {
		e, err := v.election(round.ManifestArea{}, v.Manifest.Papers[i])
		if err != nil {
			return within(manifestFile, err)
		}
		void := 0
		err = e.lines(ctx, v.zip, name, e.checkVoid, func(n int, o *checked) error {
			l := &v.leaves[o.index]
			if l.opened {
				return fault(name, n, "the ballot of leaf %d is in another file, too", o.index)
			}
			if l.opened = true; !l.outdone {
				void++
			}
			return nil
		})
		if err != nil {
			return err
		}
		if said := v.Published.Papers[i]; said.Void != void {
			return v.wrong(fmt.Sprintf("papers/%d/void", i), "paper %s: %d void ballots, but %s has %d that are not outdone",
				said.Paper, said.Void, name, void)
		}
	}
	return nil
}

// uncovered checks a withheld area's ballots in the auditors' part: they are
// those of the record, line by line. It gives what those say that count.
func (v *verifying) uncovered(ctx context.Context, e election, proofs [][32]byte) (said areaVotes, err error) {
	name, last := openingsFile(e.area.ID), 0
	err = e.lines(ctx, v.auditors, name, e.check, func(n int, o *checked) error {
		if n > len(proofs) || o.proof != proofs[n-1] {
			return fault(name, n, "not the ballot that the record has on this line of %s", proofsFile(e.area.ID))
		}
		last = n
		if l := &v.leaves[o.index]; !l.outdone {
			said = said.with(o.vote, l.onPaper())
		}
		return nil
	})
	if err == nil && last < len(proofs) {
		err = fault(name, last+1, "%d ballots are missing that the record has in %s", len(proofs)-last, proofsFile(e.area.ID))
	}
	return said, err
}

// unopened is nil if every ballot of the log has a line.
func (v *verifying) unopened() error {
	left, first := 0, 0
	for i := range v.leaves {
		if l := &v.leaves[i]; l.ballot && !l.opened {
			if left++; left == 1 {
				first = i
			}
		}
	}
	switch left {
	case 0:
		return nil
	case 1:
		return fault(leavesFile, first+1, "the ballot is in no area's file")
	default:
		return fault(leavesFile, first+1, "the ballot is in no area's file, and there are %d more like it", left-1)
	}
}

// election is what the ballots of one area are held against.
type election struct {
	leaves []leaf
	papers map[string]*sheets // by batch, of sheets of paper
	round  string
	paper  round.ManifestPaper
	area   round.ManifestArea
	costs  map[int]domain.Cents
	issuer *rsa.PublicKey
	opener opener
	sealed int // bytes of a sealed ballot; 0: they are not sealed
}

// sealedLength is how many bytes a sealed ballot of a paper has; 0: they are
// not sealed.
func sealedLength(p round.ManifestPaper) int {
	if p.Padded == 0 {
		return 0
	}
	return p.Padded + ballot.SealedOverhead
}

// election is that of an area and its paper, or of a paper's void ballots.
func (v *verifying) election(a round.ManifestArea, p round.ManifestPaper) (e election, err error) {
	e = election{
		leaves: v.leaves,
		papers: v.byBatch,
		round:  v.Manifest.Round,
		paper:  p,
		area:   a,
		costs:  v.Manifest.Costs(a.ID),
		opener: v.opener,
		sealed: sealedLength(p),
	}
	e.issuer, err = issuerOf(e.paper)
	return e, err
}

func issuerOf(p round.ManifestPaper) (*rsa.PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(p.Issuer)
	public, ok := key.(*rsa.PublicKey)
	if err != nil || !ok || public.N.BitLen() != 8*credentialLength {
		return nil, fmt.Errorf("issuer: no RSA key of %d bits", 8*credentialLength)
	}
	return public, nil
}

// checked is a line that is right, or why it is not.
type checked struct {
	index int64
	vote  ballot.Vote
	proof [32]byte // SHA-256 of the line's first words
	err   error
}

// lines are some lines of a file, one after another.
type lines struct {
	first   int // number of the first
	text    []byte
	ends    []int
	results []checked
}

// lines checks an area's file on all cores and gives each of its ballots, in
// the file's order, to each.
func (e election) lines(
	ctx context.Context,
	zip *archive,
	name string,
	check func(line []byte) checked,
	each func(n int, o *checked) error,
) error {
	last := int64(0)
	return onAllCores(ctx, func(yield func(*lines) error) error {
		next := &lines{first: 1}
		err := zip.lines(name, longestOpening, func(n int, line []byte) error {
			next.text = append(next.text, line...)
			if next.ends = append(next.ends, len(next.text)); len(next.ends) < batch {
				return nil
			}
			full := next
			next = &lines{first: n + 1}
			return yield(full)
		})
		if len(next.ends) > 0 && ctx.Err() == nil { // what stands before a fault of the file comes first
			err = errors.Join(yield(next), err)
		}
		return err
	}, func(l **lines) {
		from := 0
		for _, to := range (*l).ends {
			(*l).results = append((*l).results, check((*l).text[from:to]))
			from = to
		}
		(*l).text = nil
	}, func(l **lines) error {
		for i := range (*l).results {
			o, n := &(*l).results[i], (*l).first+i
			if o.err != nil {
				return fault(name, n, "%v", o.err)
			}
			if o.index <= last {
				return fault(name, n, "leaf %d after leaf %d", o.index, last)
			}
			last = o.index
			if err := each(n, o); err != nil {
				return err
			}
		}
		return nil
	})
}

// check holds one opening against the log, the issuer's key, the voter's key
// and the form, in this order.
func (e election) check(line []byte) checked {
	o, err := parseOpening(line, e.sealed, e.paper.Form.VoteKind())
	if err != nil {
		return checked{err: err}
	}
	b := ballot.Ballot{Round: e.round, Paper: e.paper.ID, Area: e.area.ID, Vote: o.vote, Salt: o.salt}
	text, err := b.Encode()
	if err != nil {
		return checked{err: plain(err)}
	}
	l, err := e.leaf(o.index)
	if err != nil {
		return checked{err: err}
	}
	if l.commit != ballot.Commitment(text) {
		return checked{err: fmt.Errorf("the ballot is not the one that leaf %d commits to", o.index)}
	}
	if err := e.proven(o, l); err != nil {
		return checked{err: err}
	}
	if e.sealed > 0 && !o.onPaper() { // what opens to the commitment is this ballot
		if _, void := e.opener.open(e.paper.ID, o.key, o.sealed, l.commit); void != "" {
			return checked{err: fmt.Errorf("the ballot is void (%s), and here it counts", void)}
		}
	}
	return checked{
		o.index, o.vote, sha256.Sum256(proofOf(line, e.sealed > 0)),
		plain(b.Validate(e.paper.Form, e.costs, e.area.Pot)),
	}
}

// checkVoid holds a void ballot against the log, the issuer's key and the
// voter's key, and opens it: it must be void for the reason that is given.
func (e election) checkVoid(line []byte) checked {
	o, err := parseVoid(line, e.sealed)
	if err != nil {
		return checked{err: err}
	}
	l, err := e.leaf(o.index)
	if err == nil {
		err = e.proven(o, l)
	}
	if err != nil {
		return checked{err: err}
	}
	canonical, void := e.opener.open(e.paper.ID, o.key, o.sealed, l.commit)
	if void == "" {
		_, void = e.opener.judge(e.paper.ID, canonical)
	}
	switch {
	case void == "":
		err = errors.New("the ballot counts, and here it is void")
	case void != o.void:
		err = fmt.Errorf("the ballot is void for another reason: %s", void)
	}
	return checked{index: o.index, err: err}
}

// checkProof holds a line without salt and choices against log and keys.
func (e election) checkProof(line []byte) checked {
	o, err := parseProof(line, e.sealed, "")
	if err != nil {
		return checked{err: err}
	}
	l, err := e.leaf(o.index)
	if err == nil {
		err = e.proven(o, l)
	}
	return checked{index: o.index, proof: sha256.Sum256(line), err: err}
}

// leaf is the one of a ballot.
func (e election) leaf(index int64) (*leaf, error) {
	if index < 0 || index >= int64(len(e.leaves)) || !e.leaves[index].ballot {
		return nil, fmt.Errorf("leaf %d is no ballot's", index)
	}
	return &e.leaves[index], nil
}

// proven is nil if somebody with a credential cast what the leaf commits to, or
// if it is a sheet of one of the paper's batches.
func (e election) proven(o opening, l *leaf) error {
	if o.onPaper() || l.onPaper() {
		if l.batch != o.batch || l.serial != o.serial {
			return fmt.Errorf("batch and serial are not those of leaf %d", o.index)
		}
		if of := e.papers[o.batch]; of == nil || of.Paper != e.paper.ID {
			return fmt.Errorf("batch %s is not of paper %s", o.batch, e.paper.ID)
		}
		return nil
	}
	switch {
	case l.nullifier != sha256.Sum256(o.key) || l.seq != o.seq:
		return fmt.Errorf("key and seq are not those of leaf %d", o.index)
	case !e.issued(o):
		return errors.New("the credential is not by the issuer of this paper for this key")
	case !ed25519.Verify(o.key, o.message(l.commit), o.signature):
		return errors.New("the signature is not by the voter's key over this ballot and seq")
	}
	return nil
}

// plain is a ballot's fault in words.
func plain(err error) error {
	wrong, ok := errors.AsType[*domain.Error](err)
	if !ok {
		return err
	}
	text := wrong.Detail
	for _, f := range wrong.Fields {
		text += fmt.Sprintf("; %s: %s", f.Path, strings.ReplaceAll(f.Code, "_", " "))
		if f.Limit != "" {
			text += " (" + f.Limit + ")"
		}
	}
	return errors.New(text)
}

// issued checks the credential: RSASSA-PSS with SHA-384 and a 48-byte salt over
// randomizer || message (RFC 9474 §4 and §5, RSABSSA-SHA384-PSS-Randomized).
func (e election) issued(o opening) bool {
	hash := sha512.New384()
	hash.Write(o.randomizer)
	hash.Write(ballot.CredentialMessage(e.round, e.paper.ID, o.key))
	return rsa.VerifyPSS(e.issuer, crypto.SHA384, hash.Sum(nil), o.credential, &rsa.PSSOptions{SaltLength: 48}) == nil
}
