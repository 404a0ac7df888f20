package service

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/handlers/api"
)

const importPath = "/api/v1/rounds/r/roll/import"

// brought sends a file in parts and has it checked.
func (c *client) brought(file string) (path string) {
	c.t.Helper()
	var begun api.RollImportNumber
	c.ok("POST", importPath, api.NewRollImport{Size: len(file)}, &begun)
	path = importPath + "/" + begun.Id
	for n := 0; n*roll.PartBytes < len(file); n++ {
		c.sent(path, n+1, file[n*roll.PartBytes:min(len(file), (n+1)*roll.PartBytes)])
	}
	c.ok("POST", path+"/check", nil, nil)
	return path
}

func (c *client) sent(path string, number int, part string) {
	c.t.Helper()
	if status, code := c.octets(path, number, part); status != http.StatusNoContent {
		c.t.Fatalf("part %d: %d %s", number, status, code)
	}
}

func (c *client) octets(path string, number int, part string) (int, string) {
	c.t.Helper()
	c.header = http.Header{"Content-Type": {"application/octet-stream"}}
	defer func() { c.header = nil }()
	return c.put(fmt.Sprintf("%s/parts/%d", path, number), []byte(part), nil)
}

// imported is the import as the page is told of it, once the workers had a
// turn.
func (c *client) imported() *api.RollImport {
	c.t.Helper()
	if err := c.w.roll.WorkUploads(context.Background(), nil); err != nil {
		c.t.Fatal(err)
	}
	return c.importNow()
}

func (c *client) importNow() *api.RollImport {
	c.t.Helper()
	var answer api.RollImports
	c.ok("GET", importPath, nil, &answer)
	return answer.Import
}

func (w *world) count(t *testing.T, query string) (n int) {
	t.Helper()
	if err := w.office.Owner.NewRaw(query).Scan(context.Background(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

const (
	onRoll    = "SELECT count(*) FROM roll"
	fileParts = "SELECT count(*) FROM roll_upload_part"
)

// longRoll is rollFile with so many bytes that it takes several parts.
func longRoll() string { return rollFile + strings.Repeat("\n", 2*roll.PartBytes) }

func TestRollImportOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	if i := o.importNow(); i != nil {
		t.Errorf("nothing was sent, and there is %+v", i)
	}
	path := o.brought(longRoll())
	if n := w.count(t, fileParts); n != 3 {
		t.Errorf("the file lies in %d parts, want 3", n)
	}
	if n := w.count(t, "SELECT count(*) FROM roll_upload_part WHERE position('131052-308T'::bytea IN sealed) > 0"); n > 0 {
		t.Error("an identity code can be read in the database")
	}
	if i := o.importNow(); i.State != api.Checking || !i.Own || i.Name != "Olli Official" {
		t.Errorf("%+v", i)
	}
	i := o.imported()
	if i.State != api.Checked || i.Change == nil || i.Change.Added != 6 || i.Change.After != 6 || i.TotalFaults != 0 {
		t.Fatalf("%+v", i)
	}
	if w.count(t, onRoll) != 0 {
		t.Fatal("a check changed the roll")
	}
	o.ok("POST", path+"/taking", api.RollTaking{}, nil)
	if i := o.imported(); i.State != api.Taken || i.Change.Added != 6 {
		t.Fatalf("%+v", i)
	}
	if got := [2]int{w.count(t, onRoll), w.count(t, fileParts)}; got != [2]int{6, 0} {
		t.Errorf("people on the roll and parts of the file: %d", got)
	}
	var actor string
	if err := w.office.Owner.NewRaw("SELECT a.name FROM audit l JOIN account a ON l.actor = 'official ' || a.id "+
		"WHERE l.action = 'import roll'").Scan(context.Background(), &actor); err != nil || actor != "Olli Official" {
		t.Errorf("the log says %q, %v", actor, err)
	}
	// Once more is one request too many, and does nothing.
	if status, code := o.post(path+"/taking", api.RollTaking{}, nil); status != http.StatusConflict ||
		code != "edited_meanwhile" {
		t.Errorf("%d %s", status, code)
	}
	for _, text := range []string{"131052", "308T"} {
		if strings.Contains(w.log.String(), text) || strings.Contains(w.readMetrics(t), text) {
			t.Errorf("log or metrics hold %q", text)
		}
	}
}

// A fault names its row and column, and never what stands there.
func TestRollImportTellsFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	var file strings.Builder
	file.WriteString(rollFile + "131052-308U,091,,0\n131052-308T,091,,0\n")
	for range 300 {
		file.WriteString("131052-308V,091,,0\n")
	}
	o.brought(file.String())
	i := o.imported()
	if i.State != api.WithFaults || i.TotalFaults != 302 || len(i.Faults) != 200 || i.Change != nil {
		t.Fatalf("%s, %d faults of which %d", i.State, i.TotalFaults, len(i.Faults))
	}
	if f := i.Faults[0]; f.Line != 8 || f.Column == nil || *f.Column != "identity_code" || f.Code != "code_check" {
		t.Errorf("%+v", f)
	}
	if f := i.Faults[1]; f.Line != 9 || f.Code != "same_person" || f.Other == nil || *f.Other != 2 {
		t.Errorf("%+v", f)
	}
	if got := [2]int{w.count(t, onRoll), w.count(t, fileParts)}; got != [2]int{} {
		t.Errorf("people on the roll and parts of the file: %d", got)
	}
	var answer string
	o.ok("GET", importPath, nil, &answer)
	if strings.Contains(answer, "131052") {
		t.Error("a fault quotes an identity code")
	}
}

// A truncated file must not take the vote from a city.
func TestRollImportRemovesFewUnlessTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	path := o.brought(rollFile)
	o.imported()
	o.ok("POST", path+"/taking", api.RollTaking{}, nil)
	o.imported()
	path = o.brought("identity_code,municipality,area,protected\n131052-308T,091,central,0\n")
	if i := o.imported(); i.State != api.Checked || i.Change.Removed != 5 || i.Change.MayRemove != 0 {
		t.Fatalf("%+v", i)
	}
	for _, most := range []*int{nil, pointer(4)} {
		status, code := o.post(path+"/taking", api.RollTaking{RemoveUpTo: most}, nil)
		if status != http.StatusConflict || code != "many_removed" {
			t.Errorf("%d %s", status, code)
		}
	}
	o.ok("POST", path+"/taking", api.RollTaking{RemoveUpTo: pointer(5)}, nil)
	if i := o.imported(); i.State != api.Taken || w.count(t, onRoll) != 1 {
		t.Errorf("%+v", i)
	}
}

// Whatever does not fit is refused, and leaves what there is.
func TestRollImportRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	want := func(status int, code string) func(gotStatus int, gotCode string) {
		t.Helper()
		return func(gotStatus int, gotCode string) {
			t.Helper()
			if gotStatus != status || gotCode != code {
				t.Errorf("%d %s, want %d %s", gotStatus, gotCode, status, code)
			}
		}
	}
	want(http.StatusBadRequest, "invalid_request")(o.post(importPath, api.NewRollImport{Size: roll.MostUpload + 1}, nil))
	want(http.StatusBadRequest, "invalid_request")(o.post(importPath, api.NewRollImport{}, nil))
	want(http.StatusNotFound, "not_found")(
		o.post("/api/v1/rounds/no-such/roll/import", api.NewRollImport{Size: 1}, nil))

	var begun api.RollImportNumber
	o.ok("POST", importPath, api.NewRollImport{Size: roll.PartBytes + 10}, &begun)
	path := importPath + "/" + begun.Id
	want(http.StatusConflict, "upload_incomplete")(o.post(path+"/check", nil, nil))
	want(http.StatusBadRequest, "invalid_request")(o.octets(path, 1, "short"))
	want(http.StatusBadRequest, "invalid_request")(o.octets(path, 2, "eleven byte"))
	want(http.StatusBadRequest, "invalid_request")(o.octets(path, 3, "beyond the end"))
	want(http.StatusRequestEntityTooLarge, "body_too_large")(
		o.octets(path, 1, string(bytes.Repeat([]byte{'a'}, roll.PartBytes+1))))
	want(http.StatusConflict, "edited_meanwhile")(o.post(path+"/taking", api.RollTaking{}, nil))
	other := importPath + "/" + strings.Repeat("a", 26)
	want(http.StatusConflict, "edited_meanwhile")(o.octets(other, 1, "x"))
	want(http.StatusConflict, "edited_meanwhile")(o.post(other+"/check", nil, nil))
	want(http.StatusConflict, "edited_meanwhile")(o.delete(other, nil))

	path = o.brought(rollFile) // the one before is forgotten
	want(http.StatusConflict, "import_running")(o.post(importPath, api.NewRollImport{Size: 1}, nil))
	want(http.StatusConflict, "edited_meanwhile")(o.octets(path, 1, "x"))
	if status, code := o.delete(path, nil); status != http.StatusNoContent {
		t.Errorf("%d %s", status, code)
	}
	if i := o.imported(); i != nil || w.count(t, fileParts) != 0 {
		t.Errorf("what was stopped is there: %+v", i)
	}

	// Once the vote is closed nothing changes the roll, whatever waits.
	path = o.brought(rollFile)
	o.imported()
	o.ok("POST", path+"/taking", api.RollTaking{}, nil)
	w.to(t, "r", round.Closed)
	if i := o.imported(); i.State != api.Refused || i.Refusal == nil || *i.Refusal != "phase_forbids" ||
		w.count(t, onRoll)+w.count(t, fileParts) != 0 {
		t.Errorf("%+v", i)
	}
	want(http.StatusConflict, "phase_forbids")(o.post(importPath, api.NewRollImport{Size: 1}, nil))
}

// A server that stops in the middle of an import, in order or not, leaves the
// roll as it was, and the file nowhere.
func TestRollImportOfAStoppedServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	path := o.brought(rollFile)
	o.imported()

	// In order: its work is broken off while it waits for the roll, which another
	// import has in hand.
	o.ok("POST", path+"/taking", api.RollTaking{}, nil)
	ctx, stop := context.WithCancel(context.Background())
	err := w.duringAnImport(t, func() error {
		stopped := make(chan error, 1)
		go func() { stopped <- w.roll.WorkUploads(ctx, nil) }()
		w.waitsForTheRoll(t)
		stop()
		return <-stopped
	})
	if err != nil {
		t.Error(err)
	}
	if i := o.importNow(); i.State != api.Interrupted || w.count(t, onRoll)+w.count(t, fileParts) != 0 {
		t.Errorf("%+v", i)
	}

	// Not in order: nobody says anything any more.
	path = o.brought(rollFile)
	o.imported()
	o.ok("POST", path+"/taking", api.RollTaking{}, nil)
	_, err = w.office.Owner.ExecContext(context.Background(),
		"UPDATE roll_upload SET lease = osbu_now() - interval '1 second'")
	if err != nil {
		t.Fatal(err)
	}
	if i := o.importNow(); i.State != api.Interrupted {
		t.Errorf("before the next server swept it: %+v", i)
	}
	if i := o.imported(); i.State != api.Interrupted || w.count(t, onRoll)+w.count(t, fileParts) != 0 {
		t.Errorf("%+v", i)
	}

	// What nobody came back to goes, too.
	o.brought(rollFile)
	o.imported()
	w.at(t, "2026-06-01 12:00+03")
	if i := o.imported(); i != nil || w.count(t, fileParts) != 0 {
		t.Errorf("%+v", i)
	}
}

// An official who stops an import that is under way stops it: the next beat
// tells the server.
func TestRollImportIsStopped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	path := o.brought(rollFile)
	o.imported()
	o.ok("POST", path+"/taking", api.RollTaking{}, nil)
	beat := make(chan time.Time, 1)
	err := w.duringAnImport(t, func() error {
		stopped := make(chan error, 1)
		go func() { stopped <- w.roll.WorkUploads(context.Background(), beat) }()
		w.waitsForTheRoll(t)
		if status, code := o.delete(path, nil); status != http.StatusNoContent {
			t.Errorf("%d %s", status, code)
		}
		beat <- time.Time{}
		return <-stopped
	})
	if err != nil {
		t.Error(err)
	}
	if i := o.importNow(); i != nil || w.count(t, onRoll)+w.count(t, fileParts) != 0 {
		t.Errorf("%+v", i)
	}
}

// duringAnImport does something while another import of the round has the roll
// in hand.
func (w *world) duringAnImport(t *testing.T, do func() error) error {
	t.Helper()
	ctx := context.Background()
	tx, err := w.office.Owner.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('roll r', 0))"); err != nil {
		t.Fatal(err)
	}
	return do()
}

// waitsForTheRoll comes back once an import waits for another one.
func (w *world) waitsForTheRoll(t *testing.T) {
	t.Helper()
	for w.count(t, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "+
		"current_database() AND query LIKE 'SELECT pg_advisory_xact_lock(hashtextextended(''roll %'") == 0 {
		if t.Context().Err() != nil {
			t.Fatal("it never waited")
		}
	}
}
