package service

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/record"
	"osbu/domain/round"
	"osbu/handlers/api"
)

// byHand is a round of one paper whose areas are counted by every rule there
// is; three projects each.
func byHand(id string) (api.NewRound, api.ProjectImport) {
	body := newRound(id, "")
	body.Preset = nil
	body.Settings = &api.RoundSettings{
		Rule: api.Rule{
			Rule: "greedy",
		}, Eligibility: api.Eligibility{Moment: "voting", Municipalities: []string{}}, FinalBallots: true, OpeningsFrom: 4,
		Themes: []api.Theme{},
		Papers: []api.Paper{
			{Id: "main", Name: api.Text{Fi: "Lippu"}, Form: api.Form{Kind: "approval", Min: 1, Max: 3}},
		},
	}
	var projects api.ProjectImport
	for i, rule := range []api.Rule{
		{Rule: "greedy"},
		{Rule: "greedy-density"},
		{Rule: "greedy-no-skip"},
		{Rule: "greedy-threshold", Threshold: pointer(3)},
		{Rule: "phragmen"},
		{Rule: "equal-shares"},
		{
			Rule: "equal-shares", Utility: pointer(api.RuleUtility("cardinality")),
			Completion: pointer(api.RuleCompletion("add1int-utilitarian")),
		},
	} {
		area := fmt.Sprintf("area-%d", i)
		body.Settings.Areas = append(
			body.Settings.Areas,
			api.Area{Id: area, Name: api.Text{Fi: "Alue"}, Pot: 100_00, PostalCodes: []string{}, Rule: &rule},
		)
		body.Settings.Papers[0].Areas = append(body.Settings.Papers[0].Areas, area)
		for j, euros := range []int64{60, 40, 40} {
			projects.Projects = append(projects.Projects, api.ImportedProject{
				Number: pointer(
					3*i + j + 1,
				), Title: api.Text{Fi: "Hanke"}, Area: area, Cost: api.Cost{Maximum: euros * 100},
			})
		}
	}
	return body, projects
}

// Two officials press every button of a round at the same moment. Each step is
// taken once, nothing is shown too early, the audit log is whole, and the
// commands that the record's README gives, run as they stand there, find the
// published winners and the lot's commitment.
func TestTwoOfficialsTakeARoundToItsRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.at(t, "2026-01-10 12:00+02")
	officials := []*client{w.official(t), w.as(t, person{Name: "Oona Official", Roles: []domain.Role{domain.Official}})}
	body, projects := byHand("r")
	if status, code := officials[0].post("/api/v1/rounds", body, nil); status != http.StatusCreated {
		t.Fatal(status, code)
	}
	if status, code := officials[0].post("/api/v1/rounds/r/projects/import", projects, nil); status != http.StatusOK {
		t.Fatal(status, code)
	}
	var issued api.Codes
	if status, code := officials[0].post("/api/v1/rounds/r/codes", api.CodesRequest{Count: 50, Label: "codes"},
		&issued); status != http.StatusCreated {
		t.Fatal(status, code)
	}
	steps := []api.Step{"propose", "vet", "freeze", "open", "close", "count", "confirm", "publish"}
	for _, step := range steps {
		if step == "close" {
			w.fill(t, "r", body.Settings.Papers[0].Areas, issued.Codes)
			w.at(t, "2026-05-17 12:00+03")
		}
		var wg sync.WaitGroup
		request := officials[0].shown("r", step)
		for _, c := range officials {
			wg.Go(func() {
				if status, code := c.post("/api/v1/rounds/r/steps", request, nil); status != http.StatusOK {
					t.Errorf("%s: %d %s", step, status, code)
				}
			})
		}
		wg.Wait()
		w.hides(t, step)
		if step == "confirm" || step == "publish" {
			corrected(t, officials)
		}
	}
	var actions []string
	log, err := w.rounds.Audit(context.Background(), domain.Actor{ID: 1, Roles: []domain.Role{domain.Official}}, "r",
		round.AuditFilter{})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(log)
	for _, e := range log {
		actions = append(actions, e.Action)
	}
	if want := "[create import issue codes propose vet freeze open close count confirm correction publish correction]"; fmt.Sprint(
		actions,
	) != want {
		t.Errorf("the audit log says %v, want %s", actions, want)
	}
	if err := round.Chain([32]byte{}, 0, log); err != nil {
		t.Error(err)
	}
	var published []byte
	if status, code := w.anonymous(t).get("/api/v1/rounds/r/record", &published); status != http.StatusOK {
		t.Fatal(status, code)
	}
	confirmed, err := record.Verify(context.Background(), bytes.NewReader(published), record.Options{})
	if err != nil || len(confirmed.Corrections) != 1 || confirmed.Published.Decision != "HEL 2026-0001231" {
		t.Errorf("got %+v, %v; want the correction before the publication", confirmed.Corrections, err)
	}
	w.explains(t)
	w.keepsForRush(t)
	followReadme(t, published)
	w.audits(t, published)
}

// corrected has both officials correct the decision's number at once: it is one
// step. Whoever saw the number before it changes nothing, and everybody is
// shown what was corrected, and why.
func corrected(t *testing.T, officials []*client) {
	t.Helper()
	var before, after api.Results
	officials[0].ok(http.MethodGet, "/api/v1/rounds/r/results", nil, &before)
	change := api.DecisionCorrection{Decision: *before.Decision + "1", Seen: *before.Decision, Reason: "typed wrong"}
	var wg sync.WaitGroup
	for _, c := range officials {
		wg.Go(func() {
			var r api.Round
			if status, code := c.put("/api/v1/rounds/r/decision", change, &r); status != http.StatusOK ||
				*r.ConfirmDecision != change.Decision {
				t.Errorf("got %d %s, %v", status, code, r.ConfirmDecision)
			}
		})
	}
	wg.Wait()
	late := api.DecisionCorrection{Decision: "§ 9", Seen: change.Seen, Reason: "typed wrong"}
	if status, code, fields := officials[1].fields(http.MethodPut, "/api/v1/rounds/r/decision", late); status !=
		http.StatusConflict || code != "edited_meanwhile" || !slices.Equal(fields, []string{"decision changed"}) {
		t.Errorf("a number that nobody sees any more: %d %s %q", status, code, fields)
	}
	officials[0].ok(http.MethodGet, "/api/v1/rounds/r/results", nil, &after)
	if *after.Decision != change.Decision || after.Corrections == nil {
		t.Fatalf("got %q and %v", *after.Decision, after.Corrections)
	}
	last := (*after.Corrections)[len(*after.Corrections)-1]
	if last.From != change.Seen || last.To != change.Decision || last.Reason != "typed wrong" || last.At.IsZero() {
		t.Errorf("got %+v, want %+v", last, change)
	}
}

// audits downloads the record in pieces, and what it withholds: only an
// official may, and the audit log tells of it.
func (w *world) audits(t *testing.T, published []byte) {
	t.Helper()
	c := w.anonymous(t)
	sum := sha256.Sum256(published)
	tag := fmt.Sprintf(`"%x"`, sum)
	for _, asked := range []struct {
		header http.Header
		status int
		body   []byte
		ranged string
	}{
		{nil, http.StatusOK, published, ""},
		{http.Header{"If-None-Match": {tag}}, http.StatusNotModified, nil, ""},
		{
			http.Header{"Range": {"bytes=10-19"}},
			http.StatusPartialContent, published[10:20],
			fmt.Sprintf("bytes 10-19/%d", len(published)),
		},
		{
			http.Header{"Range": {"bytes=10-"}, "If-Range": {tag}},
			http.StatusPartialContent, published[10:],
			fmt.Sprintf("bytes 10-%d/%d", len(published)-1, len(published)),
		},
		{
			http.Header{"Range": {"bytes=-10"}},
			http.StatusPartialContent, published[len(published)-10:],
			fmt.Sprintf("bytes %d-%d/%d", len(published)-10, len(published)-1, len(published)),
		},
		{http.Header{"Range": {"bytes=10-19"}, "If-Range": {`"other"`}}, http.StatusOK, published, ""},
		{http.Header{"Range": {"bytes=1-2,4-5"}}, http.StatusOK, published, ""},
		{http.Header{"Range": {"lines=1-2"}}, http.StatusOK, published, ""},
		{
			http.Header{"Range": {fmt.Sprintf("bytes=%d-", len(published))}},
			http.StatusRequestedRangeNotSatisfiable, nil,
			fmt.Sprintf("bytes */%d", len(published)),
		},
	} {
		c.header = asked.header
		response := c.send(http.MethodGet, "/api/v1/rounds/r/record", nil)
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != asked.status || !bytes.Equal(body, asked.body) ||
			response.Header.Get("Content-Range") != asked.ranged ||
			response.Header.Get("ETag") != tag ||
			response.ContentLength != int64(len(asked.body)) && asked.status != http.StatusNotModified {
			t.Errorf("%v: %d, %d bytes, %v, %v", asked.header, response.StatusCode, len(body), response.Header, err)
		}
	}
	const withheld = "/api/v1/rounds/r/record/withheld"
	for name, refused := range map[string]struct {
		*client
		want string
	}{
		"visitor":     {w.anonymous(t), "401 sign_in_required"},
		"resident":    {w.as(t, person{Name: "Risto Resident"}), "403 not_allowed"},
		"facilitator": {w.facilitator(t, "area-0"), "403 not_allowed"},
	} {
		status, code := refused.get(withheld, nil)
		if got := fmt.Sprint(status, " ", code); got != refused.want {
			t.Errorf("the %s asks for what is withheld: %s, want %s", name, got, refused.want)
		}
	}
	var part []byte
	if status, code := w.official(t).get(withheld, &part); status != http.StatusOK {
		t.Fatal(status, code)
	}
	confirmed, err := record.Verify(context.Background(), bytes.NewReader(published), record.Options{})
	if err != nil || fmt.Sprint(confirmed.Unchecked, confirmed.Unrecounted) != "[area-6] [area-6]" {
		t.Errorf("unchecked %v, unrecounted %v, %v", confirmed.Unchecked, confirmed.Unrecounted, err)
	}
	confirmed, err = record.Verify(
		context.Background(),
		bytes.NewReader(published),
		record.Options{Auditors: bytes.NewReader(part)},
	)
	if err != nil || len(confirmed.Unchecked) > 0 || confirmed.Published.Papers[0].Ballots != 45 {
		t.Errorf("with the auditors' part: %+v, %v", confirmed.Published.Papers, err)
	}
	log, err := w.rounds.Audit(context.Background(), domain.Actor{ID: 1, Roles: []domain.Role{domain.Official}}, "r",
		round.AuditFilter{})
	if err != nil {
		t.Fatal(err)
	}
	sum = sha256.Sum256(part)
	if last := log[0]; last.Action != "fetch withheld" ||
		!strings.Contains(last.Details, fmt.Sprintf("%x", sum)) {
		t.Errorf("the audit log ends with %+v", last)
	}
}

// fill lets people vote with their codes: 3, 2 and 1 for an area's projects,
// and one for the last two; in the last area only 2 and 1.
func (w *world) fill(t *testing.T, id string, areas, codes []string) {
	t.Helper()
	w.at(t, "2026-05-10 12:00+03")
	var signed []byte
	if status, code := w.anonymous(t).get("/box/v1/rounds/"+id+"/manifest", &signed); status != http.StatusOK {
		t.Fatal(status, code)
	}
	text, _, _ := strings.Cut(string(signed), "\n\n")
	m, err := round.DecodeManifest([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	vote := func(area string, choices ...int) {
		w.vote(t, m, codes[0], ballot.Ballot{Round: id, Paper: "main", Area: area, Vote: ballot.Vote{Choices: choices}})
		codes = codes[1:]
	}
	for i, area := range areas {
		votes := []int{3, 2, 1}
		if i == len(areas)-1 {
			votes = votes[1:]
		}
		for j, n := range votes {
			for range n {
				vote(area, 3*i+j+1)
			}
		}
		if i < len(areas)-1 {
			vote(area, 3*i+2, 3*i+3)
		}
	}
}

// vote goes a voter's whole way: a credential for a fresh key, and the ballot.
func (w *world) vote(t *testing.T, m round.Manifest, code string, b ballot.Ballot) {
	t.Helper()
	p, _ := m.Paper(b.Paper)
	issuer, err := x509.ParsePKIXPublicKey(p.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	blinder, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, issuer.(*rsa.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := blinder.Prepare(rand.Reader, ballot.CredentialMessage(b.Round, b.Paper, public))
	if err != nil {
		t.Fatal(err)
	}
	blinded, state, err := blinder.Blind(rand.Reader, prepared)
	if err != nil {
		t.Fatal(err)
	}
	answer, status, problem := w.withCode(t, code).
		credential(b.Round, b.Paper, api.CredentialRequest{Blinded: base64.StdEncoding.EncodeToString(blinded)})
	if status != http.StatusOK {
		t.Fatal(status, problem)
	}
	blindly, err := base64.StdEncoding.DecodeString(answer.BlindSignature)
	if err != nil {
		t.Fatal(err)
	}
	credential, err := blinder.Finalize(state, blindly)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = rand.Read(b.Salt[:])
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	cast := box.Cast{
		Round: b.Round, Paper: b.Paper, Key: public, Randomizer: prepared[:32], Credential: credential, Ballot: text, Seq: 1,
		Signature: ed25519.Sign(private, ballot.CastMessage(ballot.Commitment(text), 1)),
	}
	if status, problem := w.anonymous(t).
		post("/box/v1/rounds/"+b.Round+"/ballots", envelope(cast), nil); status != http.StatusOK {
		t.Fatal(status, problem)
	}
}

func (w *world) append(t *testing.T, ctx context.Context, b ballot.Ballot) {
	t.Helper()
	_, _ = rand.Read(b.Salt[:])
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	e := box.Entry{
		Round: b.Round, Paper: b.Paper, Nullifier: b.Salt, Seq: 1, Commit: ballot.Commitment(text), Ballot: text,
		Randomizer: make([]byte, 32), Credential: make([]byte, 256), Signature: make([]byte, 64),
	}
	if err := w.intake.Append(ctx, e); err != nil {
		t.Fatal(err)
	}
}

// hides asks for results and record as everybody, after a step: nobody before
// the count, officials from then on, everybody after the publication.
func (w *world) hides(t *testing.T, after api.Step) {
	t.Helper()
	counted := slices.Contains([]api.Step{"count", "confirm", "publish"}, after)
	for name, c := range map[string]*client{
		"visitor": w.anonymous(t), "resident": w.as(t, person{Name: "Risto Resident"}),
		"facilitator": w.facilitator(t, "area-0"),
		"expert":      w.as(t, person{Name: "Eija Expert", Roles: []domain.Role{domain.Expert}}), "official": w.official(t),
	} {
		for _, page := range []string{"results", "results/area-0"} {
			status, code := c.get("/api/v1/rounds/r/"+page, nil)
			if shown := after == "publish" || counted && name == "official"; shown != (status == http.StatusOK) ||
				!shown && code != "results_hidden" {
				t.Errorf("%s after %s to the %s: %d %s", page, after, name, status, code)
			}
		}
		status, code := c.get("/api/v1/rounds/r/record", nil)
		if shown := after == "publish"; shown != (status == http.StatusOK) || !shown && code != "record_not_public" {
			t.Errorf("record after %s to the %s: %d %s", after, name, status, code)
		}
	}
}

// explains asks why each project of every area fared as it did.
func (w *world) explains(t *testing.T) {
	t.Helper()
	visitor := w.anonymous(t)
	var results api.Results
	visitor.ok("GET", "/api/v1/rounds/r/results", nil, &results)
	for _, area := range results.Areas {
		var x api.Explanation
		path := "/api/v1/rounds/r/results/" + area.Area
		visitor.ok("GET", path, nil, &x)
		if x.Withheld != area.Withheld {
			t.Errorf("%s: got withheld %v, want %v", area.Area, x.Withheld, area.Withheld)
		}
		if area.Withheld {
			if len(x.Projects) > 0 || x.Measures != nil || x.Other != nil {
				t.Errorf("%s: few ballots could be guessed from %+v", area.Area, x)
			}
			continue
		}
		if x.Measures == nil || x.Measures.Cost != area.Spent || x.Measures.Left != area.Left || x.Other == nil {
			t.Fatalf("%s: got %+v, want what was spent and left, and another rule", area.Area, x)
		}
		for _, p := range area.Projects {
			at := slices.IndexFunc(x.Projects, func(r api.Reason) bool { return r.Project == p.Project })
			if at < 0 {
				t.Fatalf("%s: nothing is told of %d", area.Area, p.Project)
			}
			r := x.Projects[at]
			if got := r.Status == api.StatusFunded; got != p.Selected {
				t.Errorf("%d: got funded %v, want %v", p.Project, got, p.Selected)
			}
			if (r.Missing == nil) != (r.Lack == nil) || p.Selected && (r.VotesMore != nil || r.CostAtMost != nil) {
				t.Errorf("%d: got %+v", p.Project, r)
			}
			if r.CostAtMost != nil && *r.CostAtMost+*r.Cheaper != p.Cost {
				t.Errorf("%d: got %d and %d cheaper, want them to make %d", p.Project, *r.CostAtMost, *r.Cheaper, p.Cost)
			}
		}
		response := visitor.send("GET", path, nil)
		_ = response.Body.Close()
		if got := response.Header.Get("Cache-Control"); got != "public, max-age=10" {
			t.Errorf("%s: cached %q", path, got)
		}
		visitor.header = http.Header{"If-None-Match": {response.Header.Get("ETag")}}
		if status, _ := visitor.get(path, nil); status != http.StatusNotModified {
			t.Errorf("%s: unchanged, but %d", path, status)
		}
		visitor.header = nil
	}
	trial := api.RuleTrialRequest{Rule: api.Rule{Rule: "greedy"}, Form: api.TrialApproval}
	var tried api.RuleTrial
	w.official(t).ok("POST", "/api/v1/rule-trial", trial, &tried)
	if tried.Round == nil || *tried.Round != "r" || tried.Area == nil || len(tried.Projects) == 0 ||
		tried.Measures.Cost+tried.Measures.Left != tried.Budget {
		t.Errorf("got a trial of %+v, want one of these ballots", tried)
	}
	trial.Rule.Rule, trial.Form = "phragmen", api.TrialPoints
	if status, code, fields := w.official(t).fields("POST", "/api/v1/rule-trial", trial); status != http.StatusBadRequest ||
		!slices.Equal(fields, []string{"rule.rule not_of_form"}) {
		t.Errorf("a rule that counts no points: %d %s %v", status, code, fields)
	}
	if status, code := visitor.get("/api/v1/rounds/r/results/nowhere", nil); status != http.StatusNotFound {
		t.Errorf("an area that is not there: %d %s", status, code)
	}
}

// keepsForRush asks for all that the page of the results shows: while the
// results are kept visitors get that as kept files, too, and officials do not,
// who may have changed it just now.
func (w *world) keepsForRush(t *testing.T) {
	t.Helper()
	visitor, official := w.anonymous(t), w.official(t)
	for _, path := range []string{"", "/numbers", "/projects"} {
		path = "/api/v1/rounds/r" + path
		visitor.ok("GET", "/api/v1/rounds/r/results", nil, nil)
		visitor.ok("GET", path, nil, nil)
		response := visitor.send("GET", path, nil)
		_ = response.Body.Close()
		visitor.header = http.Header{"If-None-Match": {response.Header.Get("ETag")}}
		if status, _ := visitor.get(path, nil); status != http.StatusNotModified {
			t.Errorf("%s: got %d for an unchanged answer, want 304", path, status)
		}
		visitor.header = nil
		if path == "/api/v1/rounds/r/projects" {
			continue // has a tag for everybody
		}
		response = official.send("GET", path, nil)
		_ = response.Body.Close()
		if tag := response.Header.Get("ETag"); tag != "" {
			t.Errorf("%s: got a kept answer for an official", path)
		}
	}
}

// followReadme unpacks a record and runs the commands of its README there.
func followReadme(t *testing.T, zipped []byte) {
	t.Helper()
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", dir+"/", "../../osbu-tally", "../../osbu-verify").
		CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	run := func(command string) []byte {
		c := exec.CommandContext(ctx, "bash", "-c", command)
		c.Dir, c.Env = dir, append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"))
		out, err := c.Output()
		if err != nil {
			t.Errorf("%s: %v", command, err)
		}
		return out
	}
	readme := unpack(t, zipped, dir)
	o, err := record.Open(bytes.NewReader(zipped))
	if err != nil {
		t.Fatal(err)
	}
	recounted := 0
	for line := range strings.Lines(readme) {
		command, indented := strings.CutPrefix(strings.TrimRight(line, "\n"), "  ")
		switch {
		case !indented, strings.HasPrefix(command, " "): // the rest of a line about a file
		case strings.HasPrefix(command, "osbu-tally "):
			var counted struct{ Selected []string }
			if err := json.Unmarshal(run(command+" --json"), &counted); err != nil {
				t.Errorf("%s: %v", command, err)
			}
			for o.Published.Areas[recounted].Withheld {
				recounted++
			}
			if want := o.Published.Areas[recounted].Outcome.Selected; !slices.Equal(counted.Selected, want) ||
				len(want) == 0 {
				t.Errorf("%s: %v, published are %v", command, counted.Selected, want)
			}
			recounted++
		case strings.HasPrefix(command, "osbu-verify "):
			run(strings.NewReplacer("THIS.zip", "record.zip", "KEY", o.Manifest.LogKey).Replace(command))
		default:
			if out := run(command); !bytes.HasPrefix(out, []byte(o.Manifest.LotCommitment)) {
				t.Errorf("%s: %s", command, out)
			}
		}
	}
	if recounted != len(o.Manifest.Areas)-1 {
		t.Errorf("the README recounts %d areas of %d, of which one is withheld", recounted, len(o.Manifest.Areas))
	}
}

func unpack(t *testing.T, zipped []byte, dir string) (readme string) {
	t.Helper()
	files, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		t.Fatal(err)
	}
	content := map[string][]byte{"record.zip": zipped}
	for _, f := range files.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if content[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range content {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return string(content["README.txt"])
}
