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
	"sync"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"
	"golang.org/x/mod/sumdb/note"

	"osbu/domain/ballot"
	"osbu/domain/round"
	"osbu/handlers/api"
)

// polling is what every voter's browser knows: the manifest, and the keys in
// it.
type polling struct {
	url string
	// without cookies, as the box's; each with connections of its own, so that a
	// queue at one door is none at the other
	office   *http.Client
	box      *http.Client
	note     []byte
	manifest round.Manifest
	log      note.Verifier
	issuer   blindrsa.Client
	sealing  ballot.SealingKey
	padded   int // bytes of a ballot before it is sealed
	failed   failures
}

// failures counts answers that did not come, or were not what was asked for, by
// kind.
type failures struct {
	mu    sync.Mutex
	kinds map[string]int
	busy  int // of them: come back
}

func (f *failures) count(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kinds == nil {
		f.kinds = map[string]int{}
	}
	f.kinds[kind(err)]++
	if isRefused(err) {
		f.busy++
	}
}

// enter fetches the manifest and checks that it is signed by the log key it
// names.
func enter(ctx context.Context, address, id string) (*polling, error) {
	p := &polling{url: address, office: visitors(400), box: visitors(400)}
	if _, err := (client{http: p.box, url: address}).
		insist(ctx, http.MethodGet, "/box/v1/rounds/"+id+"/manifest", nil, &p.note); err != nil {
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
	if p.manifest.Sealing == nil {
		return nil, fmt.Errorf("manifest: ballots are not sealed, as the round's settings say")
	}
	p.padded = main.Padded
	if p.sealing, err = ballot.NewSealingKey(p.manifest.Sealing.Key); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	p.issuer, err = blindrsa.NewClient(blindrsa.SHA384PSSRandomized, issuer)
	return p, err
}

func visitors(connections int) *http.Client {
	return &http.Client{
		Timeout: time.Minute,
		Transport: &http.Transport{
			MaxIdleConns:        connections,
			MaxIdleConnsPerHost: connections,
			MaxConnsPerHost:     connections,
		},
	}
}

// leave closes the connections, which would otherwise hold up a server that
// stops.
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

// vote goes a voter's way with her code: credential, ballot, promise. If
// insistent she sends both again afterwards, as a double click does, and must
// get the same answers.
func (p *polling) vote(ctx context.Context, code string, said ballot.Vote, insistent bool) vote {
	v := p.come(p.holder(code), said)
	v.obtain(ctx)
	v.cast(ctx)
	if insistent {
		v.again(ctx)
	}
	return v.vote
}

// voter is one on her way. What has failed once is not gone on with.
type voter struct {
	vote
	*polling
	public ed25519.PublicKey
	commit [32]byte
	issue  func(context.Context) (signed string, failures int, err error) // asks for the credential
	finish func(signed string) (credential []byte, err error)             // unblinds it
	signed string
	paper  api.Cast // that is to be sent
}

// holder speaks to the office as whoever holds the code.
func (p *polling) holder(code string) client {
	return client{http: p.office, url: p.url, header: http.Header{"X-Voting-Code": {code}}, failed: p.failed.count}
}

// come makes a voter's keys, fills in her ballot, and blinds the message that
// the office is to sign, where she speaks for herself.
func (p *polling) come(office client, said ballot.Vote) *voter {
	fail := func(err error) *voter { return &voter{vote: vote{err: err}} }
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fail(err)
	}
	prepared, err := p.issuer.Prepare(rand.Reader, ballot.CredentialMessage(p.manifest.Round, paper, public))
	if err != nil {
		return fail(err)
	}
	blinded, state, err := p.issuer.Blind(rand.Reader, prepared)
	if err != nil {
		return fail(err)
	}
	b := ballot.Ballot{Round: p.manifest.Round, Paper: paper, Area: area, Vote: said}
	_, _ = rand.Read(b.Salt[:]) // never fails
	text, err := b.Encode()
	if err != nil {
		return fail(err)
	}
	sealed, err := p.sealing.Seal(p.manifest.Round, paper, public, text, p.padded)
	if err != nil {
		return fail(err)
	}
	v := &voter{polling: p, public: public, commit: ballot.Commitment(text)}
	commit := encode(v.commit[:])
	v.paper = api.Cast{
		Paper: paper, Key: encode(public), Randomizer: encode(prepared[:32]), Ballot: encode(sealed), Commit: &commit, Seq: 1,
		Signature: encode(ed25519.Sign(private, ballot.SealedCastMessage(v.commit, sha256.Sum256(sealed), 1))),
	}
	request := api.CredentialRequest{Blinded: encode(blinded)}
	v.issue = func(ctx context.Context) (signed string, failures int, err error) {
		var c api.Credential
		failures, err = office.insist(
			ctx,
			http.MethodPost,
			"/api/v1/rounds/"+p.manifest.Round+"/papers/"+paper+"/credential",
			request,
			&c,
		)
		return c.BlindSignature, failures, err
	}
	v.finish = func(signed string) ([]byte, error) {
		blindSignature, err := base64.StdEncoding.DecodeString(signed)
		if err != nil {
			return nil, err
		}
		return p.issuer.Finalize(state, blindSignature)
	}
	return v
}

// obtain gets her credential.
func (v *voter) obtain(ctx context.Context) {
	if v.err != nil {
		return
	}
	start := time.Now()
	var n int
	v.signed, n, v.err = v.issue(ctx)
	v.credential, v.failures = time.Since(start), v.failures+n
	if v.err != nil {
		return
	}
	credential, err := v.finish(v.signed)
	if err != nil {
		v.err = fmt.Errorf("the credential: %w", err)
		return
	}
	v.paper.Credential = encode(credential)
	v.send = func(ctx context.Context) (promise string, failures int, err error) {
		var answer api.Promise
		failures, err = client{
			http:   v.box,
			url:    v.url,
			failed: v.failed.count,
		}.insist(
			ctx,
			http.MethodPost,
			v.ballots(),
			v.paper,
			&answer,
		)
		return answer.Promise, failures, err
	}
}

func (p *polling) ballots() string { return "/box/v1/rounds/" + p.manifest.Round + "/ballots" }

// try sends her ballot once, and notes nothing, so that several may at once.
func (v *voter) try(ctx context.Context, over *http.Client) (promise string, err error) {
	var answer api.Promise
	err = client{http: over, url: v.url}.call(ctx, http.MethodPost, v.ballots(), v.paper, &answer)
	return answer.Promise, err
}

// cast puts her ballot in the box.
func (v *voter) cast(ctx context.Context) {
	if v.err != nil {
		return
	}
	start := time.Now()
	promise, n, err := v.send(ctx)
	v.vote.cast, v.failures = time.Since(start), v.failures+n
	v.take(promise, err)
}

// take looks at the box's answer.
func (v *voter) take(promise string, err error) {
	switch {
	case err != nil:
		v.err = err
	case v.kept && promise != v.promise:
		v.err = errAnother
	case !v.kept:
		v.kept, v.promise = true, promise
		v.err = v.check(promise, v.public, v.commit)
	}
}

// again sends both once more.
func (v *voter) again(ctx context.Context) {
	if v.err != nil {
		return
	}
	signed, n, err := v.issue(ctx)
	promise, m, castErr := v.send(ctx)
	v.failures += n + m
	if v.err = cmp.Or(err, castErr); v.err == nil && (signed != v.signed || promise != v.promise) {
		v.err = errAnother
	}
}

// check opens the promise: it is signed by the round's log, and says that this
// ballot lies under this key, cast under the manifest that the voter has.
func (p *polling) check(promise string, key ed25519.PublicKey, commit [32]byte) error {
	n, err := note.Open([]byte(promise), note.VerifierList(p.log))
	if err != nil {
		return fmt.Errorf("the promise: %w", err)
	}
	said := fmt.Sprintf(
		"\nmanifest %x\nnullifier %x\nseq 1\ncommit %x\n",
		sha256.Sum256(p.note),
		sha256.Sum256(key),
		commit,
	)
	if !strings.HasPrefix(n.Text, "osbu/promise/v2\n") || !strings.Contains(n.Text, said) {
		return fmt.Errorf("the promise is of another ballot")
	}
	return nil
}

func encode(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
