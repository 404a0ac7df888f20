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

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/round"
)

// batch is how many ballots a core checks at a time.
const batch = 64

// ballots checks every opening of every area whose ballots are there, and that
// no ballot of the log is left over.
func (v *verifying) ballots(ctx context.Context) error {
	v.choices = make([][][]int, len(v.Published.Areas))
	var done int64
	for i, a := range v.Published.Areas {
		zip := v.of(a)
		if zip == nil {
			v.Unchecked = append(v.Unchecked, a.Area)
			continue
		}
		area, _ := v.Manifest.Area(a.Area)
		e, err := v.election(area)
		if err != nil {
			return within(manifestFile, err)
		}
		v.choices[i] = make([][]int, 0, min(max(a.Ballots, 0), len(v.leaves)))
		err = e.openings(ctx, zip, func(n int, o *checked) error {
			l := &v.leaves[o.index]
			if l.opened {
				return fault(openingsFile(a.Area), n, "the ballot of leaf %d is opened in another area, too", o.index)
			}
			l.opened = true
			if !l.outdone {
				v.choices[i] = append(v.choices[i], o.choices)
			}
			if done++; done%1000 == 0 {
				v.Progress(CheckingBallots, done, v.Leaves-2)
			}
			return nil
		})
		if a.Withheld {
			err = ofAuditors(err)
		}
		if err != nil {
			return err
		}
	}
	return v.unopened()
}

// unopened is nil if the ballots of the log that nobody opened are as many as
// are withheld.
func (v *verifying) unopened() error {
	withheld := 0
	for i, a := range v.Published.Areas {
		if v.of(a) == nil {
			withheld += v.Published.Areas[i].Ballots
		}
	}
	left, first := 0, 0
	for i := range v.leaves {
		if l := &v.leaves[i]; l.ballot && !l.opened && (!l.outdone || withheld == 0) {
			if left++; left == 1 {
				first = i
			}
		}
	}
	switch {
	case left == withheld:
		return nil
	case withheld == 0:
		return fault(leavesFile, first+1, "the ballot is in no area's file, and neither are %d others", left-1)
	default:
		return fault(leavesFile, 0, "%d ballots are in no area's file, but %d are withheld", left, withheld)
	}
}

// election is what the ballots of one area are held against.
type election struct {
	leaves []leaf
	round  string
	paper  round.ManifestPaper
	area   round.ManifestArea
	costs  map[int]domain.Cents
	issuer *rsa.PublicKey
}

func (v *verifying) election(a round.ManifestArea) (e election, err error) {
	e = election{
		leaves: v.leaves,
		round:  v.Manifest.Round,
		paper:  paperOf(v.Manifest, a.ID),
		area:   a,
		costs:  v.Manifest.Costs(a.ID),
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

// checked is an opening that is right, or why it is not.
type checked struct {
	index   int64
	choices []int
	err     error
}

// lines are some lines of a file, one after another.
type lines struct {
	first   int // number of the first
	text    []byte
	ends    []int
	results []checked
}

// openings checks an area's file on all cores and gives each of its ballots, in
// the file's order, to each.
func (e election) openings(ctx context.Context, zip *archive, each func(n int, o *checked) error) error {
	name := openingsFile(e.area.ID)
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
			(*l).results = append((*l).results, e.check((*l).text[from:to]))
			from = to
		}
		(*l).text = nil
	}, func(l **lines) error {
		for i := range (*l).results {
			o, n := &(*l).results[i], (*l).first+i
			if o.err != nil {
				return within(name, &Fault{Line: n, Text: o.err.Error()})
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
	o, err := parseOpening(line)
	if err != nil {
		return checked{err: err}
	}
	b := ballot.Ballot{Round: e.round, Paper: e.paper.ID, Area: e.area.ID, Choices: o.choices, Salt: o.salt}
	text, err := b.Encode()
	if err != nil {
		return checked{err: err}
	}
	commit := ballot.Commitment(text)
	if o.index < 0 || o.index >= int64(len(e.leaves)) || !e.leaves[o.index].ballot {
		return checked{err: fmt.Errorf("leaf %d is no ballot's", o.index)}
	}
	switch l := &e.leaves[o.index]; {
	case l.commit != commit:
		err = fmt.Errorf("the ballot is not the one that leaf %d commits to", o.index)
	case l.nullifier != sha256.Sum256(o.key) || l.seq != o.seq:
		err = fmt.Errorf("key and seq are not those of leaf %d", o.index)
	case !e.issued(o):
		err = errors.New("the credential is not by the issuer of this paper for this key")
	case !ed25519.Verify(o.key, ballot.CastMessage(commit, o.seq), o.signature):
		err = errors.New("the signature is not by the voter's key over this ballot and seq")
	default:
		err = b.Validate(e.paper.Form, e.costs, e.area.Pot)
	}
	return checked{o.index, o.choices, err}
}

// issued checks the credential: RSASSA-PSS with SHA-384 and a 48-byte salt over
// randomizer || message (RFC 9474 §4 and §5, RSABSSA-SHA384-PSS-Randomized).
func (e election) issued(o opening) bool {
	hash := sha512.New384()
	hash.Write(o.randomizer)
	hash.Write(ballot.CredentialMessage(e.round, e.paper.ID, o.key))
	return rsa.VerifyPSS(e.issuer, crypto.SHA384, hash.Sum(nil), o.credential, &rsa.PSSOptions{SaltLength: 48}) == nil
}
