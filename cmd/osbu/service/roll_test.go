package service

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"osbu/domain"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/handlers"
	"osbu/handlers/api"
)

// People of the roll below; their identity codes are of the test range.
var (
	adult   = person{Subject: "adult", Name: "Aino Aikuinen", IdentityCode: "131052-308T", PostalCode: "00530"}
	turns13 = person{
		Subject:      "turns 13",
		Name:         "Nelli Nuori",
		IdentityCode: "110513A901J",
	} // on 11 May 2026, mid-vote
	child  = person{Subject: "child", Name: "Lauri Lapsi", IdentityCode: "110614A902M"}
	hidden = person{
		Subject:      "hidden",
		Name:         "Tuula Turva",
		IdentityCode: "020280-901L",
		PostalCode:   "00530",
		Protected:    true,
	}
	homeless  = person{Subject: "homeless", Name: "Onni Osoitteeton", IdentityCode: "040480-903K"}
	neighbour = person{Subject: "neighbour", Name: "Eero Espoolainen", IdentityCode: "010180-9004"}
	stranger  = person{Subject: "stranger", Name: "Outi Outo", IdentityCode: "030380-9023"}
	pupil     = person{Subject: "pupil", Name: "Pia Peruskoululainen"}
)

const rollFile = `identity_code,municipality,area,protected
131052-308T,091,central,0
110513A901J,091,western,0
110614A902M,091,western,0
020280-901L,091,western,1
040480-903K,091,,0
010180-9004,049,,0
`

// election is a round whose roll is taken in and whose vote is open, as the
// office has it: no box, no projects.
type election struct {
	*world
	id     string
	public *rsa.PublicKey
}

// to moves a round forward in the office alone; the real steps are tested with
// the box and the proposals.
func (w *world) to(t *testing.T, id string, phase round.Phase) {
	t.Helper()
	for {
		r, err := w.rounds.Get(context.Background(), domain.Actor{ID: 1, Roles: []domain.Role{domain.Official}}, id)
		if err != nil {
			t.Fatal(err)
		}
		if r.Phase == phase {
			return
		}
		_, err = w.office.Owner.ExecContext(
			context.Background(),
			"UPDATE round SET phase = ?, freeze_decision = 'HEL 1' WHERE id = ?",
			string(r.Phase.Next().Into()),
			id,
		)
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) election(t *testing.T, id string, preset api.NewRoundPreset) *election {
	t.Helper()
	ctx := context.Background()
	w.official(t).createRound(id, preset)
	if _, err := w.roll.Import(ctx,
		roll.Import{Round: id, File: strings.NewReader(rollFile), Command: "test"}); err != nil {
		t.Fatal(err)
	}
	w.to(t, id, round.Frozen)
	wrapping, err := w.settings.wrapping()
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := wrapping.Make(id)
	if err != nil {
		t.Fatal(err)
	}
	e := &election{world: w, id: id}
	r, err := w.rounds.Get(ctx, domain.Actor{}, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Settings.Papers {
		issuers, err := roll.NewIssuers(rand.Reader, sealer, id, []string{p.ID})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.office.Owner.ExecContext(ctx, "INSERT INTO issuer VALUES (?, ?, ?, ?)", id, p.ID, issuers[0].Public,
			issuers[0].Sealed); err != nil {
			t.Fatal(err)
		}
		key, err := x509.ParsePKIXPublicKey(issuers[0].Public)
		if err != nil {
			t.Fatal(err)
		}
		if e.public == nil {
			e.public = key.(*rsa.PublicKey)
		}
	}
	w.to(t, id, round.Voting)
	w.at(t, "2026-05-10 12:00+03")
	return e
}

// request is a browser's blinded message, and how it checks the answer; for the
// first paper.
func (e *election) request(t *testing.T) (api.CredentialRequest, func(api.Credential) error) {
	t.Helper()
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, e.public)
	if err != nil {
		t.Fatal(err)
	}
	message, err := client.Prepare(rand.Reader, []byte("credential"))
	if err != nil {
		t.Fatal(err)
	}
	blinded, state, err := client.Blind(rand.Reader, message)
	if err != nil {
		t.Fatal(err)
	}
	return api.CredentialRequest{Blinded: base64.StdEncoding.EncodeToString(blinded)}, func(c api.Credential) error {
		signature, err := base64.StdEncoding.DecodeString(c.BlindSignature)
		if err != nil {
			return err
		}
		plain, err := client.Finalize(state, signature)
		if err != nil {
			return err
		}
		return client.Verify(message, plain)
	}
}

func (c *client) credential(
	round, paper string,
	request api.CredentialRequest,
) (answer api.Credential, status int, code string) {
	c.t.Helper()
	status, code = c.post("/api/v1/rounds/"+round+"/papers/"+paper+"/credential", request, &answer)
	return answer, status, code
}

func (c *client) wantCredential(e *election, paper string, status int, code string) {
	c.t.Helper()
	request, _ := e.request(c.t)
	if _, got, problem := c.credential(e.id, paper, request); got != status || problem != code {
		c.t.Errorf("credential: %d %s, want %d %s", got, problem, status, code)
	}
}

func TestCredentialOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.election(t, "r4", "helsinki-2026")
	aino := w.as(t, adult)
	request, check := e.request(t)
	answer, status, code := aino.credential("r4", "ballot", request)
	if status != http.StatusOK {
		t.Fatal(status, code)
	}
	if err := check(answer); err != nil {
		t.Fatalf("the browser refuses the signature: %v", err)
	}
	again, status, _ := w.as(t, adult).
		credential("r4", "ballot", request)
		// signed in on another device, the same request
	if status != http.StatusOK || again != answer {
		t.Errorf("the same request: %d", status)
	}
	aino.wantCredential(e, "ballot", http.StatusConflict, "credential_conflict")
	w.as(t, hidden).wantCredential(e, "ballot", http.StatusOK, "")
	w.as(t, homeless).wantCredential(e, "ballot", http.StatusOK, "")
	if !strings.Contains(
		w.readMetrics(t),
		`osbu_rights_spent_total{channel="online",paper="ballot",round="r4"} 3`,
	) {
		t.Error("the metrics do not count the rights")
	}
	for _, text := range []string{"131052", "308T", answer.BlindSignature, request.Blinded} {
		if strings.Contains(w.log.String(), text) {
			t.Errorf("the log holds %q", text)
		}
	}
}

func TestRecoveryOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.LimitWrongCode = handlers.Rate{N: 1, Per: time.Hour} })
	e := w.election(t, "r4", "helsinki-2026")
	const path = "/api/v1/rounds/r4/papers/ballot/recovery"
	want := func(c *client, want string) {
		t.Helper()
		var got api.Recovery
		if status, code := c.get(path, &got); status != http.StatusOK {
			t.Errorf("%d %s", status, code)
		}
		if (got.Recovery == nil) != (want == "") || want != "" && *got.Recovery != want {
			t.Errorf("%v, want %q", got.Recovery, want)
		}
	}
	aino, bytes := w.as(t, adult), base64.StdEncoding.EncodeToString(slices.Repeat([]byte("left"), 163))
	want(aino, "")
	request, _ := e.request(t)
	for recovery, field := range map[string]string{
		"not base64":              "recovery bad_format",
		strings.Repeat("A", 1372): "recovery too_long", "": "recovery bad_format",
	} {
		request.Recovery = &recovery
		status, code, fields := aino.fields(http.MethodPost, "/api/v1/rounds/r4/papers/ballot/credential", request)
		if status != http.StatusBadRequest || code != "invalid_request" || !slices.Equal(fields, []string{field}) {
			t.Errorf("%.12s: %d %s %q", recovery, status, code, fields)
		}
	}
	request.Recovery = &bytes
	if _, status, code := aino.credential("r4", "ballot", request); status != http.StatusOK {
		t.Fatal(status, code)
	}
	want(w.as(t, adult), bytes) // in another browser
	want(w.as(t, hidden), "")
	other := base64.StdEncoding.EncodeToString([]byte("another"))
	request.Recovery = &other
	if _, status, code := aino.credential("r4", "ballot", request); status != http.StatusConflict ||
		code != "recovery_kept" {
		t.Errorf("a second: %d %s", status, code)
	}
	if status, code := w.anonymous(t).get(path, nil); status != http.StatusUnauthorized || code != "sign_in_required" {
		t.Errorf("a visitor: %d %s", status, code)
	}

	var issued api.Codes
	w.official(t).post("/api/v1/rounds/r4/codes", api.CodesRequest{Count: 1, Label: "codes"}, &issued)
	holder := w.withCode(t, issued.Codes[0])
	want(holder, "")
	want(holder, "") // and none is no wrong code
	if status, code := w.withCode(t, "0000-0000-0000-0000").get(path, nil); status != http.StatusUnauthorized ||
		code != "code_invalid" {
		t.Errorf("a wrong code: %d %s", status, code)
	}
	if status, code := w.withCode(t, "0000-0000-0000-0001").get(path, nil); status != http.StatusTooManyRequests {
		t.Errorf("a second wrong code: %d %s", status, code)
	}
	if strings.Contains(w.log.String(), bytes[:40]) {
		t.Error("the log holds the recovery")
	}
}

func TestCredentialRefusalsOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.election(t, "r4", "helsinki-2026")
	w.at(t, "2026-05-10 23:59:59+03")
	w.anonymous(t).wantCredential(e, "ballot", http.StatusUnauthorized, "sign_in_required")
	for _, p := range []person{turns13, child, neighbour, stranger, pupil} {
		w.as(t, p).wantCredential(e, "ballot", http.StatusForbidden, "voter_not_eligible")
	}
	w.official(t).wantCredential(e, "ballot", http.StatusForbidden, "voter_not_eligible") // no role replaces the roll
	w.as(t, adult).wantCredential(e, "second", http.StatusNotFound, "not_found")
	w.withCode(t, "0000-0000-0000-0000").wantCredential(e, "ballot", http.StatusUnauthorized, "code_invalid")
	w.withCode(t, "hello").wantCredential(e, "ballot", http.StatusUnauthorized, "code_invalid")
	w.at(t, "2026-05-11 00:00+03")
	w.as(t, turns13).wantCredential(e, "ballot", http.StatusOK, "")
	for name, blinded := range map[string][]byte{
		"the modulus": e.public.N.Bytes(),
		"more":        slices.Repeat([]byte{255}, 256),
	} {
		request := api.CredentialRequest{Blinded: base64.StdEncoding.EncodeToString(blinded)}
		status, code, fields := w.as(t, adult).
			fields(http.MethodPost, "/api/v1/rounds/r4/papers/ballot/credential", request)
		if status != http.StatusBadRequest || code != "invalid_request" ||
			!slices.Equal(fields, []string{"blinded bad_format"}) {
			t.Errorf("%s: %d %s %q", name, status, code, fields)
		}
	}
	w.at(t, "2026-05-01 23:59:59+03")
	w.as(t, adult).wantCredential(e, "ballot", http.StatusConflict, "voting_not_open")
	w.at(t, "2026-05-16 20:00+03")
	w.as(t, adult).wantCredential(e, "ballot", http.StatusConflict, "voting_closed")
	w.at(t, "2026-05-10 12:00+03")
	w.to(t, "r4", round.Closed)
	w.as(t, adult).wantCredential(e, "ballot", http.StatusConflict, "voting_closed")
	w.official(t).createRound("r5", "helsinki-2026")
	w.as(t, adult).wantCredential(&election{id: "r5", public: e.public}, "ballot", http.StatusNotFound, "not_found")
	w.to(t, "r5", round.Vetting)
	w.as(t, adult).
		wantCredential(&election{id: "r5", public: e.public}, "ballot", http.StatusConflict, "voting_not_open")
}

func TestRightsOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.election(t, "r2", "helsinki-2021")
	rights := func(c *client) (r api.Rights) {
		t.Helper()
		if status, code := c.get("/api/v1/rounds/r2/rights", &r); status != http.StatusOK {
			t.Fatal(status, code)
		}
		if r.Papers == nil {
			t.Error("papers are null")
		}
		return r
	}
	r := rights(w.as(t, adult))
	if !r.Eligible || r.Refusal != nil || *r.SuggestedArea != "central" || len(r.Papers) != 2 || r.Papers[0].Spent ||
		r.Papers[0].Channel != nil {
		t.Errorf("adult: %+v", r)
	}
	if r := rights(w.as(t, child)); !r.Eligible { // twelve in December, and the year decides
		t.Errorf("child: %+v", r)
	}
	if r := rights(w.as(t, hidden)); !r.Eligible || r.SuggestedArea != nil {
		t.Errorf("protected address: %+v", r)
	}
	for who, want := range map[*person]api.Refusal{&stranger: "not_on_roll", &pupil: "no_identity"} {
		if r := rights(w.as(t, *who)); r.Eligible || *r.Refusal != want || len(r.Papers) != 0 {
			t.Errorf("%s: %+v", who.Name, r)
		}
	}
	w.as(t, adult).wantCredential(e, "district", http.StatusOK, "")
	if r := rights(w.as(t, adult)); !r.Papers[0].Spent || *r.Papers[0].Channel != "online" || r.Papers[1].Spent {
		t.Errorf("after voting: %+v", r)
	}
	if status, code := w.anonymous(t).get("/api/v1/rounds/r2/rights", nil); status != http.StatusUnauthorized ||
		code != "sign_in_required" {
		t.Error(status, code)
	}
	if status, code := w.as(t, adult).get("/api/v1/rounds/r9/rights", nil); status != http.StatusNotFound {
		t.Error(status, code)
	}
	w.election(t, "r4", "helsinki-2026")
	var young api.Rights
	if w.as(t, turns13).get("/api/v1/rounds/r4/rights", &young); young.Eligible || *young.Refusal != "too_young" ||
		young.OldEnoughOn.String() != "2026-05-11" {
		t.Errorf("turns 13 tomorrow: %+v", young)
	}
	var other api.Rights
	if w.as(t, neighbour).get("/api/v1/rounds/r4/rights", &other); other.Eligible ||
		*other.Refusal != "other_municipality" {
		t.Errorf("neighbour: %+v", other)
	}
}

func TestCodesOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.election(t, "r4", "helsinki-2026")
	others := map[string]*client{
		"visitor": w.anonymous(t), "resident": w.as(t, adult), "facilitator": w.facilitator(t, "central"),
		"expert": w.as(t, person{Name: "Eija Expert", Roles: []domain.Role{domain.Expert}}),
	}
	for name, c := range others {
		refused, refusal := http.StatusForbidden, "not_allowed"
		if name == "visitor" {
			refused, refusal = http.StatusUnauthorized, "sign_in_required"
		}
		if status, code := c.post("/api/v1/rounds/r4/codes", api.CodesRequest{Count: 1, Label: "codes"}, nil); status != refused ||
			code != refusal {
			t.Errorf("codes for a %s: %d %s", name, status, code)
		}
		if status, code := c.get("/api/v1/rounds/r4/roll", nil); status != refused || code != refusal {
			t.Errorf("roll for a %s: %d %s", name, status, code)
		}
	}
	official := w.official(t)
	var issued api.Codes
	if status, code := official.post("/api/v1/rounds/r4/codes", api.CodesRequest{Count: 2, Label: "codes"},
		&issued); status != http.StatusCreated ||
		len(issued.Codes) != 2 {
		t.Fatal(status, code, issued)
	}
	for _, count := range []int{0, 20001} {
		if status, code := official.post("/api/v1/rounds/r4/codes", api.CodesRequest{Count: count, Label: "codes"},
			nil); status != http.StatusBadRequest {
			t.Errorf("%d codes: %d %s", count, status, code)
		}
	}
	holder := w.withCode(t, strings.ToLower(issued.Codes[0]))
	var rights api.Rights
	if status, _ := holder.get("/api/v1/rounds/r4/rights", &rights); status != http.StatusOK || !rights.Eligible ||
		len(rights.Papers) != 1 ||
		rights.SuggestedArea != nil {
		t.Errorf("by code: %d %+v", status, rights)
	}
	holder.wantCredential(e, "ballot", http.StatusOK, "")
	holder.wantCredential(e, "ballot", http.StatusConflict, "credential_conflict") // used
	if holder.get("/api/v1/rounds/r4/rights", &rights); !rights.Papers[0].Spent ||
		*rights.Papers[0].Channel != "assisted" {
		t.Errorf("after voting: %+v", rights)
	}
	other := w.election(t, "r5", "helsinki-2026")
	w.withCode(t, issued.Codes[1]).wantCredential(other, "ballot", http.StatusUnauthorized, "code_invalid")
	if status, code := w.withCode(t, issued.Codes[1]).
		get("/api/v1/rounds/r5/rights", nil); status != http.StatusUnauthorized ||
		code != "code_invalid" {
		t.Error(status, code)
	}
	w.as(t, adult).wantCredential(e, "ballot", http.StatusOK, "")

	want := api.PaperTurnout{Paper: "ballot", Rights: 5, Online: 1, Assisted: 1} // not the neighbour, the child, or the unused code
	var status api.RollStatus
	if got, code := official.get("/api/v1/rounds/r4/roll", &status); got != http.StatusOK {
		t.Fatal(got, code)
	}
	if status.Entries != 6 || status.Protected != 1 || status.WithoutArea != 3 || status.CodesIssued != 2 ||
		status.CodesUsed != 1 ||
		status.ImportedAt == nil ||
		status.Papers[0] != want {
		t.Errorf("%+v", status)
	}
	if len(status.Batches) != 1 || status.Batches[0].Label != "codes" || status.Batches[0].Used != 1 {
		t.Errorf("%+v", status.Batches)
	}
	lost := "/api/v1/rounds/r4/codes/1/void"
	if got, code := official.post(lost, api.CodesVoiding{Reason: "left on a bus"}, nil); got != http.StatusNoContent {
		t.Error(got, code)
	}
	if got, code := official.post(lost, api.CodesVoiding{Reason: "left on a bus"}, nil); got != http.StatusConflict ||
		code != "already_void" {
		t.Error(got, code)
	}
	left := w.withCode(t, issued.Codes[1])
	if left.get("/api/v1/rounds/r4/rights", &rights); rights.Eligible || *rights.Refusal != "void_code" {
		t.Errorf("a void code: %+v", rights)
	}
	left.wantCredential(e, "ballot", http.StatusForbidden, "voter_not_eligible")
	if strings.Contains(w.log.String(), issued.Codes[0]) {
		t.Error("the log holds a code")
	}
	w.to(t, "r4", round.Closed)
	if status, code := official.post("/api/v1/rounds/r4/codes", api.CodesRequest{Count: 1, Label: "codes"},
		nil); status != http.StatusConflict ||
		code != "phase_forbids" {
		t.Error(status, code)
	}
}
