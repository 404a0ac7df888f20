package play

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"
	"golang.org/x/mod/sumdb/note"

	"osbu/domain/ballot"
	"osbu/domain/round"
	"osbu/handlers/api"
)

// polling is what every voter's browser knows: the manifest, and the keys in it.
type polling struct {
	url      string
	office   *http.Client // without cookies, as the box's; each with connections of its own, so that a queue at one door is none at the other
	box      *http.Client
	note     []byte
	manifest round.Manifest
	log      note.Verifier
	issuer   blindrsa.Client
}

// enter fetches the manifest and checks that it is signed by the log key it names.
func enter(ctx context.Context, address, id string) (*polling, error) {
	p := &polling{url: address, office: visitors(), box: visitors()}
	if _, err := (client{http: p.box, url: address}).insist(ctx, http.MethodGet, "/box/v1/rounds/"+id+"/manifest", nil, &p.note); err != nil {
		return nil, err
	}
	text, _, _ := strings.Cut(string(p.note), "\n\n")
	var err error
	if p.manifest, err = round.DecodeManifest([]byte(text)); err != nil {
		return nil, err
	}
	if p.log, err = note.NewVerifier(p.manifest.LogKey); err != nil {
		return nil, fmt.Errorf("manifest: log key: %w", err)
	}
	if _, err := note.Open(p.note, note.VerifierList(p.log)); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	main, _ := p.manifest.Paper(paper)
	key, err := x509.ParsePKIXPublicKey(main.Issuer)
	if err != nil {
		return nil, fmt.Errorf("manifest: issuer key: %w", err)
	}
	issuer, ok := key.(*rsa.PublicKey)
	if !ok || p.manifest.Round != id {
		return nil, fmt.Errorf("manifest: not of round %s, or without an RSA key", id)
	}
	p.issuer, err = blindrsa.NewClient(blindrsa.SHA384PSSRandomized, issuer)
	return p, err
}

func visitors() *http.Client {
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConns: 400, MaxIdleConnsPerHost: 400, MaxConnsPerHost: 400}}
}

// leave closes the connections, which would otherwise hold up a server that stops.
func (p *polling) leave() {
	p.office.CloseIdleConnections()
	p.box.CloseIdleConnections()
}

// vote is how one voter fared.
type vote struct {
	failures   int           // answers that did not come, or said: come back
	kept       bool          // her ballot was acknowledged
	promise    string        // that did so
	credential time.Duration // of the request, retries included
	cast       time.Duration // of the request, retries included
	err        error
	send       func(context.Context) (promise string, failures int, err error) // the ballot to the box
}

var errAnother = errors.New("the same bytes again got another answer")

// vote goes a voter's way with her code: credential, ballot, promise. If insistent she sends both again afterwards, as a double click does, and must
// get the same answers.
func (p *polling) vote(ctx context.Context, code string, choices []int, insistent bool) (v vote) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return vote{err: err}
	}
	prepared, err := p.issuer.Prepare(rand.Reader, ballot.CredentialMessage(p.manifest.Round, paper, public))
	if err != nil {
		return vote{err: err}
	}
	blinded, state, err := p.issuer.Blind(rand.Reader, prepared)
	if err != nil {
		return vote{err: err}
	}
	b := ballot.Ballot{Round: p.manifest.Round, Paper: paper, Area: area, Choices: choices}
	_, _ = rand.Read(b.Salt[:]) // never fails
	text, err := b.Encode()
	if err != nil {
		return vote{err: err}
	}
	commit := ballot.Commitment(text)

	office := client{http: p.office, url: p.url, header: http.Header{"X-Voting-Code": {code}}}
	request := api.CredentialRequest{Blinded: encode(blinded)}
	issue := func() (answer string) {
		var c api.Credential
		if v.err == nil {
			var n int
			n, v.err = office.insist(ctx, http.MethodPost, "/api/v1/rounds/"+p.manifest.Round+"/papers/"+paper+"/credential", request, &c)
			v.failures += n
		}
		return c.BlindSignature
	}
	start := time.Now()
	signed := issue()
	v.credential = time.Since(start)
	if v.err != nil {
		return v
	}
	blindSignature, err := base64.StdEncoding.DecodeString(signed)
	if err != nil {
		v.err = fmt.Errorf("the credential: %w", err)
		return v
	}
	credential, err := p.issuer.Finalize(state, blindSignature)
	if err != nil {
		v.err = fmt.Errorf("the credential: %w", err)
		return v
	}

	box := client{http: p.box, url: p.url}
	envelope := api.Cast{Paper: paper, Key: encode(public), Randomizer: encode(prepared[:32]), Credential: encode(credential),
		Ballot: encode(text), Seq: 1, Signature: encode(ed25519.Sign(private, ballot.CastMessage(commit, 1)))}
	v.send = func(ctx context.Context) (promise string, failures int, err error) {
		var answer api.Promise
		failures, err = box.insist(ctx, http.MethodPost, "/box/v1/rounds/"+p.manifest.Round+"/ballots", envelope, &answer)
		return answer.Promise, failures, err
	}
	cast := func() (promise string) {
		if v.err == nil {
			var n int
			promise, n, v.err = v.send(ctx)
			v.failures += n
		}
		return promise
	}
	start = time.Now()
	promise := cast()
	v.cast = time.Since(start)
	if v.kept = v.err == nil; v.kept {
		v.promise = promise
		v.err = p.check(promise, public, commit)
	}
	if v.err == nil && insistent && (issue() != signed || cast() != promise) {
		v.err = cmp.Or(v.err, errAnother)
	}
	return v
}

// check opens the promise: it is signed by the round's log, and says that this ballot lies under this key.
func (p *polling) check(promise string, key ed25519.PublicKey, commit [32]byte) error {
	n, err := note.Open([]byte(promise), note.VerifierList(p.log))
	if err != nil {
		return fmt.Errorf("the promise: %w", err)
	}
	said := fmt.Sprintf("\nnullifier %x\nseq 1\ncommit %x\n", sha256.Sum256(key), commit)
	if !strings.HasPrefix(n.Text, "osbu/promise/v1\n") || !strings.Contains(n.Text, said) {
		return fmt.Errorf("the promise is of another ballot")
	}
	return nil
}

func encode(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
