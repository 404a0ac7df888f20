package round

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/sheet"
)

// AuditFilter narrows an audit log; its zero value is all of it.
type AuditFilter struct {
	Before   int64  // a sequence number; 0: the newest
	Actor    string // as entries name her
	Action   string
	Proposal int64  // entries whose details name it
	Part     string // the first word of the paths of what was changed, such as areas
}

// AuditChoices are what a round's log can be narrowed to.
type AuditChoices struct {
	Actors  []AuditActor // by name, then by role and number
	Actions []string
	Parts   []string
}

// AuditActor is somebody who did anything in a round, with the name that her
// account has today.
type AuditActor struct{ Actor, Name string }

// Audit is a page of a round's log, the newest entry first (officials).
func (s *Service) Audit(ctx context.Context, actor domain.Actor, id string, wanted AuditFilter) ([]Entry, error) {
	if err := s.mayAudit(ctx, actor, id); err != nil {
		return nil, err
	}
	return s.store.Audit(ctx, id, wanted)
}

// AuditChoices are who and what a round's log tells of (officials).
func (s *Service) AuditChoices(ctx context.Context, actor domain.Actor, id string) (AuditChoices, error) {
	if err := s.mayAudit(ctx, actor, id); err != nil {
		return AuditChoices{}, err
	}
	return s.store.AuditChoices(ctx, id)
}

func (s *Service) mayAudit(ctx context.Context, actor domain.Actor, id string) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	_, err := s.store.Round(ctx, id)
	return err
}

// Bounds of an export.
const (
	mostAuditExported = 50_000 // entries, the newest
	longestFact       = 30_000 // bytes in a cell: what is longer goes on in the next row
)

// ExportAudit is the log as it is narrowed, the newest entry first, for a
// spreadsheet (officials): a row for each thing that an entry tells of. Times
// are in zone.
func (s *Service) ExportAudit(
	ctx context.Context,
	actor domain.Actor,
	id string,
	wanted AuditFilter,
	zone *time.Location,
	format sheet.Format,
	language domain.Language,
) ([]byte, error) {
	if err := s.mayAudit(ctx, actor, id); err != nil {
		return nil, err
	}
	t := sheet.Table{Name: domain.Text{Fi: "Loki", Sv: "Logg", En: "Audit log"}.In(language), Long: []int{6, 7, 8}}
	for _, name := range auditHead {
		t.Head = append(t.Head, name.In(language))
	}
	for wanted.Before = 0; len(t.Rows) < mostAuditExported; {
		page, err := s.store.Audit(ctx, id, wanted)
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			t.Rows = append(t.Rows, e.rows(zone, language)...)
		}
		wanted.Before = page[len(page)-1].Seq
	}
	var file bytes.Buffer
	err := sheet.Write(&file, format, t)
	return file.Bytes(), err
}

var auditHead = []domain.Text{
	{Fi: "Merkintä", Sv: "Anteckning", En: "Entry"},
	{Fi: "Aika", Sv: "Tid", En: "Time"},
	{Fi: "Kuka", Sv: "Vem", En: "Who"},
	{Fi: "Nimi", Sv: "Namn", En: "Name"},
	{Fi: "Toimi", Sv: "Åtgärd", En: "Action"},
	{Fi: "Syy", Sv: "Orsak", En: "Reason"},
	{Fi: "Mikä", Sv: "Vad", En: "What"},
	{Fi: "Ennen", Sv: "Före", En: "Before"},
	{Fi: "Jälkeen", Sv: "Efter", En: "After"},
	{Fi: "Tiiviste", Sv: "Kontrollsumma", En: "Hash"},
}

func (e Entry) rows(zone *time.Location, language domain.Language) []sheet.Row {
	row := func(field, from, to string) sheet.Row {
		return sheet.Row{Cells: []string{
			strconv.FormatInt(e.Seq, 10), e.At.In(zone).Format(time.DateTime), e.Actor, e.Name,
			wordOf(actionWords, strings.NewReplacer(" ", "_", ".", "_").Replace(e.Action), e.Action, language),
			e.Reason, field, from, to, fmt.Sprintf("%x", e.Hash),
		}}
	}
	var rows []sheet.Row
	for _, f := range e.Facts() {
		words := strings.Split(f.Field, ".")
		for i, word := range words {
			words[i] = wordOf(fieldWords, word, word, language)
		}
		from, to := written(f.Field, f.From, language), written(f.Field, f.To, language)
		for first := true; first || from != "" || to != ""; first = false {
			var one, other string
			one, from = cut(from)
			other, to = cut(to)
			rows = append(rows, row(strings.Join(words, " · "), one, other))
		}
	}
	if len(rows) == 0 {
		rows = append(rows, row("", "", ""))
	}
	return rows
}

// cut parts a text where a cell is full, between two characters.
func cut(text string) (string, string) {
	if len(text) <= longestFact {
		return text, ""
	}
	at := longestFact
	for at > 0 && text[at]&0xC0 == 0x80 {
		at--
	}
	return text[:at], text[at:]
}

func wordOf(words map[string]domain.Text, key, otherwise string, language domain.Language) string {
	if word, known := words[key]; known {
		return word.In(language)
	}
	return otherwise
}

// moneyFields are the last words of paths whose values are cents.
var moneyFields = []string{"pot", "minimum", "maximum", "maintenance", "cents"}

// written is a value as a cell shows it: sums in euros.
func written(field string, value *string, language domain.Language) string {
	if value == nil {
		return ""
	}
	last := field[strings.LastIndexByte(field, '.')+1:]
	if cents, err := strconv.ParseInt(*value, 10, 64); err == nil && slices.Contains(moneyFields, last) {
		return sheet.Decimal(strconv.FormatFloat(float64(cents)/100, 'f', 2, 64), language)
	}
	switch *value {
	case "true":
		return domain.Text{Fi: "Kyllä", Sv: "Ja", En: "Yes"}.In(language)
	case "false":
		return domain.Text{Fi: "Ei", Sv: "Nej", En: "No"}.In(language)
	}
	return *value
}

// Told is one thing that an entry tells of: what it was before and what it
// became, nil where there was nothing, or is nothing any more.
type Told struct {
	Field    string // a path such as areas.southern.pot
	From, To *string
}

// Facts are what the details say, one by one: a change's fields in their order,
// other details by their names. A pair under one name is what it was before and
// what it became. What is no JSON is told as it stands.
func (e Entry) Facts() []Told {
	var kept struct {
		Changes []struct {
			Field    string          `json:"field"`
			From, To json.RawMessage // null: nothing
		} `json:"changes"`
	}
	all := map[string]json.RawMessage{}
	if json.Unmarshal([]byte(e.Details), &all) != nil {
		return []Told{{To: &e.Details}}
	}
	told := []Told{}
	if all["changes"] != nil && json.Unmarshal([]byte(e.Details), &kept) == nil {
		for _, c := range kept.Changes {
			told = append(told, Told{c.Field, plain(c.From), plain(c.To)})
		}
		delete(all, "changes")
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		var pair []string
		switch raw := all[name]; {
		case name == "from" && e.Action == "reopen":
			told = append(told, Told{"state", plain(raw), nil})
		case name == "from" && all["to"] != nil:
			told = append(told, Told{"division", plain(raw), plain(all["to"])})
		case name == "to" && all["from"] != nil: // told with the former
		case (name == "area" || name == "theme") && json.Unmarshal(raw, &pair) == nil && len(pair) == 2:
			if pair[0] != pair[1] {
				told = append(told, Told{name, &pair[0], &pair[1]})
			}
		default:
			told = append(told, Told{name, nil, plain(raw)})
		}
	}
	return told
}

// plain is a value as people read it: a text without quotation marks, the
// members of a list parted by commas; nil for none.
func plain(raw json.RawMessage) *string {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return &text
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		words := make([]string, len(list))
		for i, one := range list {
			if word := plain(one); word != nil {
				words[i] = *word
			}
		}
		text = strings.Join(words, ", ")
		return &text
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) == nil {
		var words []string
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if word := plain(members[name]); word != nil {
				words = append(words, name+" "+*word)
			}
		}
		text = strings.Join(words, "; ")
		return &text
	}
	text = string(raw)
	return &text
}
