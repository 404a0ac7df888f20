package office_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/proposal/discussion"
	"osbu/domain/proposal/interest"
)

func (v village) comment(t *testing.T, by domain.Actor, id int64, text string) int64 {
	t.Helper()
	return must(v.discussions.Comment(context.Background(), by, "r", id, 0, text, domain.Finnish))(t).ID
}

// read is what one reads of a discussion, with what one may do.
func (v village) read(t *testing.T, by domain.Actor, id int64) string {
	t.Helper()
	var lines []string
	for _, c := range must(v.discussions.Read(context.Background(), by, "r", id, 0, 50))(t).Comments {
		line := c.Text
		if c.Hidden != "" {
			line += " (" + string(c.Hidden) + ": " + c.Note + ")"
		}
		for _, a := range c.May {
			line += " " + string(a)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

func TestADiscussionIsModerated(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := v.submit(t, "Penkki", "x")
	first := v.comment(t, eino, id, "Hieno\r\nidea")
	rude := v.comment(t, eino, id, "Törkeää")
	if got := v.read(t, anonymous, id); got != "Hieno\nidea; Törkeää" {
		t.Errorf("%q", got)
	}
	if err := v.Report(ctx, aino, "r", rude, proposal.Offensive); err != nil {
		t.Fatal(err)
	}
	if err := v.Report(ctx, aino, "r", rude, proposal.OtherFault); err != nil {
		t.Errorf("again: %v", err)
	}
	if err := v.Report(ctx, expert, "r", rude, proposal.Offensive); err != nil {
		t.Fatal(err)
	}
	if got := v.read(t, aino, id); got != "Hieno\nidea report; Törkeää" {
		t.Errorf("whoever reported: %q", got)
	}
	for _, c := range []struct {
		actor domain.Actor
		want  int
	}{{southern, 1}, {western, 0}, {official, 1}} {
		waiting := must(v.Reported(ctx, c.actor, "r", false))(t)
		if len(waiting) != c.want || c.want == 1 && (waiting[0].ID != rude || waiting[0].Reports != 2) {
			t.Errorf("%s: %+v", c.actor.Name, waiting)
		}
	}
	must(v.Hide(ctx, southern, "r", rude, proposal.Offensive, "Puhu asiasta"))(t)
	for _, c := range []struct {
		actor domain.Actor
		want  string
	}{
		{anonymous, "Hieno\nidea"},
		{aino, "Hieno\nidea report"},
		{western, "Hieno\nidea report"},
		{expert, "Hieno\nidea report"},
		{eino, "Hieno\nidea erase; Törkeää (offensive: Puhu asiasta) erase"},
		{southern, "Hieno\nidea report hide; Törkeää (offensive: Puhu asiasta) keep"},
		{official, "Hieno\nidea report hide; Törkeää (offensive: Puhu asiasta) keep"},
	} {
		if got := v.read(t, c.actor, id); got != c.want {
			t.Errorf("%s reads %q, not %q", c.actor.Name, got, c.want)
		}
	}
	if waiting := must(v.Reported(ctx, southern, "r", false))(t); len(waiting) != 0 {
		t.Errorf("hidden, yet waiting: %+v", waiting)
	}
	must(v.Keep(ctx, official, "r", rude))(t)
	if got := v.read(t, anonymous, id); got != "Hieno\nidea; Törkeää" {
		t.Errorf("shown again: %q", got)
	}
	if err := v.Report(ctx, aino, "r", rude, proposal.Offensive); err != nil {
		t.Fatal(err)
	}
	if waiting := must(v.Reported(ctx, southern, "r", false))(t); len(waiting) != 0 {
		t.Error("a settled report came back by repetition")
	}
	if err := v.Erase(ctx, eino, "r", first); err != nil {
		t.Fatal(err)
	}
	if got := v.read(t, anonymous, id); got != "Törkeää" {
		t.Errorf("%q", got)
	}
	entries := oldestFirst(t, v.store, "r", 0)
	var steps []string
	for _, e := range entries {
		if strings.HasSuffix(e.Action, "_comment") {
			steps = append(steps, e.Action+" "+e.Reason)
		}
	}
	if got := strings.Join(steps, ", "); got != "hide_comment offensive, keep_comment " {
		t.Errorf("the audit log says %q", got)
	}
}

// Everything that people may not do to comments.
func TestCommentsAreRefused(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := v.submit(t, "Penkki", "x")
	draft := must(v.Draft(ctx, aino, "r", bench("Luonnos")))(t).ID
	gone := v.submit(t, "Poissa", "x")
	must(v.Withdraw(ctx, aino, "r", gone))(t)
	c := v.comment(t, eino, id, "Hyvä")
	elsewhere := v.comment(t, expert, v.submit(t, "Puu", "x"), "Muualla")
	staffs := v.comment(t, southern, id, "Selvitämme")
	hidden := v.comment(t, eino, id, "Törkeää")
	must(v.Hide(ctx, southern, "r", hidden, proposal.Offensive, ""))(t)

	say := func(a domain.Actor, id int64, text string) func() error {
		return func() error { _, err := v.discussions.Comment(ctx, a, "r", id, 0, text, domain.Finnish); return err }
	}
	reply := func(a domain.Actor, to int64, text string) func() error {
		return func() error { _, err := v.discussions.Comment(ctx, a, "r", id, to, text, domain.Finnish); return err }
	}
	hide := func(a domain.Actor, id int64, f discussion.Fault, note string) func() error {
		return func() error { _, err := v.Hide(ctx, a, "r", id, f, note); return err }
	}
	keep := func(a domain.Actor, id int64) func() error {
		return func() error { _, err := v.Keep(ctx, a, "r", id); return err }
	}
	report := func(a domain.Actor, id int64, f discussion.Fault) func() error {
		return func() error { return v.Report(ctx, a, "r", id, f) }
	}
	erase := func(a domain.Actor, id int64) func() error {
		return func() error { return v.Erase(ctx, a, "r", id) }
	}
	reported := func(a domain.Actor) func() error {
		return func() error { _, err := v.Reported(ctx, a, "r", false); return err }
	}
	for name, one := range map[string]struct {
		do   func() error
		kind domain.Kind
	}{
		"visitor comments":              {say(anonymous, id, "x"), domain.Unauthenticated},
		"comment on another's draft":    {say(eino, draft, "x"), domain.NotFound},
		"comment on my draft":           {say(aino, draft, "x"), domain.Conflict},
		"comment on a withdrawn one":    {say(eino, gone, "x"), domain.Closed},
		"comment on nothing":            {say(eino, 999, "x"), domain.NotFound},
		"visitor answers":               {reply(anonymous, c, "x"), domain.Unauthenticated},
		"answer to nothing":             {reply(aino, 999, "x"), domain.NotFound},
		"answer under another proposal": {reply(aino, elsewhere, "x"), domain.NotFound},
		"answer to what is hidden":      {reply(aino, hidden, "x"), domain.NotFound},
		"empty answer":                  {reply(aino, c, " "), domain.Invalid},
		"empty comment":                 {say(aino, id, " \n "), domain.Invalid},
		"long comment":                  {say(aino, id, strings.Repeat("ä", 2001)), domain.Invalid},
		"control characters":            {say(aino, id, "a\x1bb"), domain.Invalid},
		"visitor reports":               {report(anonymous, c, proposal.Offensive), domain.Unauthenticated},
		"report my own":                 {report(eino, c, proposal.Offensive), domain.Forbidden},
		"report for no reason":          {report(aino, c, "boring"), domain.Invalid},
		"report what is hidden":         {report(aino, hidden, proposal.Offensive), domain.NotFound},
		"report nothing":                {report(aino, 999, proposal.Offensive), domain.NotFound},
		"resident hides":                {hide(aino, c, proposal.Offensive, ""), domain.Forbidden},
		"expert hides":                  {hide(expert, c, proposal.Offensive, ""), domain.Forbidden},
		"another district hides":        {hide(western, c, proposal.Offensive, ""), domain.Forbidden},
		"another district sees":         {hide(western, hidden, proposal.Offensive, ""), domain.NotFound},
		"hide my own":                   {hide(southern, staffs, proposal.Offensive, ""), domain.Forbidden},
		"hide twice":                    {hide(southern, hidden, proposal.Offensive, ""), domain.Conflict},
		"hide for no reason":            {hide(southern, c, "", ""), domain.Invalid},
		"hide with a long note":         {hide(southern, c, proposal.Offensive, strings.Repeat("x", 501)), domain.Invalid},
		"author shows again":            {keep(eino, hidden), domain.Forbidden},
		"another district shows again":  {keep(western, hidden), domain.NotFound},
		"keep what nobody complains of": {keep(southern, c), domain.Conflict},
		"another erases":                {erase(aino, c), domain.Forbidden},
		"moderator erases":              {erase(southern, c), domain.Forbidden},
		"visitor erases":                {erase(anonymous, c), domain.Unauthenticated},
		"visitor moderates":             {reported(anonymous), domain.Unauthenticated},
		"resident moderates":            {reported(aino), domain.Forbidden},
		"expert moderates":              {reported(expert), domain.Forbidden},
	} {
		if err := one.do(); domain.KindOf(err) != one.kind || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := v.discussions.Read(ctx, eino, "r", draft, 0, 50); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a draft's comments: %v", err)
	}
	if d := must(v.discussions.Read(ctx, aino, "r", draft, 0, 50))(t); d.Open || len(d.Comments) != 0 {
		t.Errorf("%+v", d)
	}
	// From the freeze on the discussion rests; moderation goes on.
	goTo(t, v.DB, "r", "vetting")
	v.comment(t, aino, id, "Vielä")
	v.stage(t, "UPDATE round SET phase = 'voting', freeze_decision = '§ 1'")
	if err := say(aino, id, "Äänestäkää tätä")(); domain.KindOf(err) != domain.Closed {
		t.Errorf("during the vote: %v", err)
	}
	if d := must(v.discussions.Read(ctx, anonymous, "r", id, 0, 50))(t); d.Open || len(d.Comments) != 3 {
		t.Errorf("%+v", d)
	}
	must(v.Hide(ctx, southern, "r", c, proposal.OffTopic, ""))(t)
}

// Threads have two levels: an answer to an answer stands beside it. Answers
// outlive what they answer, and are paged with it.
func TestThreadsOfComments(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := v.submit(t, "Penkki", "x")
	answer := func(by domain.Actor, to int64, text string) int64 {
		return must(v.discussions.Comment(ctx, by, "r", id, to, text, domain.Finnish))(t).ID
	}
	threads := func() string {
		var lines []string
		var after int64
		for {
			page := must(v.discussions.Read(ctx, anonymous, "r", id, after, 2))(t)
			for _, c := range page.Comments {
				if c.ReplyTo != 0 {
					c.Text = "> " + c.Text
				}
				lines = append(lines, c.Text)
			}
			if after = page.Next; after == 0 {
				return strings.Join(lines, "; ")
			}
		}
	}
	first := v.comment(t, eino, id, "Yksi")
	second := v.comment(t, aino, id, "Kaksi")
	reply := answer(southern, first, "Vastaus")
	v.comment(t, expert, id, "Kolme")
	answer(eino, reply, "Kiitos")
	answer(expert, second, "Samaa mieltä")
	const all = "Yksi; > Vastaus; > Kiitos; Kaksi; > Samaa mieltä; Kolme"
	if got := threads(); got != all {
		t.Errorf("%q, not %q", got, all)
	}
	must(v.Hide(ctx, southern, "r", second, proposal.OffTopic, ""))(t)
	if got := threads(); got != "Yksi; > Vastaus; > Kiitos; > Samaa mieltä; Kolme" {
		t.Errorf("without the hidden one %q", got)
	}
	if p := must(v.proposals.Get(ctx, anonymous, "r", id))(t); p.Comments != 5 {
		t.Errorf("%d comments are counted, 5 are not hidden", p.Comments)
	}
	must(v.Keep(ctx, southern, "r", second))(t)
	if err := v.Erase(ctx, eino, "r", first); err != nil {
		t.Fatal(err)
	}
	if got := threads(); got != "Kaksi; > Samaa mieltä; Vastaus; Kolme; Kiitos" {
		t.Errorf("after its beginning is erased %q", got)
	}
}

// However fast somebody writes, in however many windows, there are no more
// comments than the pace allows; later there may be more.
func TestPaceOfComments(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	id := v.submit(t, "Penkki", "x")
	var wg sync.WaitGroup
	refused := make(chan error, 12)
	for range 12 {
		wg.Go(func() {
			if _, err := v.discussions.Comment(context.Background(), eino, "r", id, 0, "Osta", domain.Finnish); err != nil {
				refused <- err
			}
		})
	}
	wg.Wait()
	close(refused)
	n := 0
	for err := range refused {
		if n++; domain.CodeOf(err) != discussion.CodePace {
			t.Error(err)
		}
	}
	if n != 8 {
		t.Errorf("%d of 12 were refused, 4 an hour are allowed", n)
	}
	v.comment(t, aino, id, "Toinen")
	v.SetClock(t, "2026-01-10T01:00:01Z")
	v.comment(t, eino, id, "Tunnin päästä")
}

// The discussion is read in a fixed number of queries, in pages that neither
// miss nor repeat.
func TestDiscussionInPages(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := v.submit(t, "Penkki", "x")
	v.stage(
		t,
		"INSERT INTO comment (proposal, author, staff, text, language, at) SELECT ?, 2, false, n::text, 'fi', osbu_now() "+
			"FROM generate_series(1, 60) n",
		id,
	)
	asked := &queries{}
	v.DB.DB.DB = v.DB.DB.DB.WithQueryHook(asked)
	count := func(limit int) (n, queries int) {
		var after int64
		for {
			asked.n = 0
			d := must(v.discussions.Read(ctx, aino, "r", id, after, limit))(t)
			n, queries = n+len(d.Comments), asked.n
			if after = d.Next; after == 0 {
				return n, queries
			}
		}
	}
	few, one := count(1)
	all, many := count(50)
	if few != 60 || all != 60 || one != many || one == 0 {
		t.Errorf("%d comments by %d queries, %d by %d", few, one, all, many)
	}
}

func TestSupportAndFollow(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := v.submit(t, "Penkki", "x")
	draft := must(v.Draft(ctx, aino, "r", bench("Luonnos")))(t).ID
	rejected := v.submit(t, "Kielletty", "x")
	must(v.Take(ctx, southern, "r", rejected))(t)
	must(v.Reject(ctx, southern, "r", rejected, proposal.Other, domain.Text{Fi: "Ei", Sv: "Nej"}))(t)
	for range 2 { // twice is as once
		if i := must(v.interests.Set(ctx, eino, "r", id, interest.Support, true))(t); !i.Supports || i.Supporters != nil {
			t.Errorf("%+v", i)
		}
		must(v.interests.Set(ctx, eino, "r", id, interest.Follow, true))(t)
	}
	if got := titles(must(v.proposals.List(ctx, eino, "r", proposal.List{Limit: 9},
		proposal.Followed))(t).Proposals); got != "Penkki" {
		t.Errorf("followed: %s", got)
	}
	if _, err := v.proposals.List(ctx, anonymous, "r", proposal.List{Limit: 9}, proposal.Followed); domain.KindOf(
		err,
	) != domain.Unauthenticated {
		t.Error(err)
	}
	for name, one := range map[string]struct {
		actor domain.Actor
		id    int64
		tie   interest.Kind
		kind  domain.Kind
	}{
		"visitor":          {anonymous, id, interest.Support, domain.Unauthenticated},
		"my own":           {aino, id, interest.Support, domain.Forbidden},
		"another's draft":  {eino, draft, interest.Support, domain.NotFound},
		"follow a draft":   {eino, draft, interest.Follow, domain.NotFound},
		"my draft":         {aino, draft, interest.Support, domain.Conflict},
		"rejected":         {eino, rejected, interest.Support, domain.Conflict},
		"nothing":          {eino, 999, interest.Follow, domain.NotFound},
		"another's follow": {anonymous, id, interest.Follow, domain.Unauthenticated},
	} {
		if _, err := v.interests.Set(ctx, one.actor, "r", one.id, one.tie, true); domain.KindOf(err) != one.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(v.interests.Set(ctx, expert, "r", id, interest.Support, true))(t)
	must(v.interests.Set(ctx, expert, "r", id, interest.Support, false))(t)
	v.stage(t, "UPDATE round SET phase = 'voting', freeze_decision = '§ 1'")
	if _, err := v.interests.Set(ctx, expert, "r", id, interest.Support, true); domain.KindOf(err) != domain.Closed {
		t.Errorf("during the vote: %v", err)
	}
	must(v.interests.Set(ctx, expert, "r", id, interest.Follow, true))(t)
	for _, actor := range []domain.Actor{anonymous, southern, official} {
		if i := must(v.interests.Of(ctx, actor, "r", id))(t); i.Supporters != nil || i.Supports {
			t.Errorf("%s is told of a race: %+v", actor.Name, i)
		}
	}
	v.stage(t, "UPDATE round SET phase = 'delivering', confirm_decision = '§ 2', copies_destroyed = '§ 3'")
	if i := must(v.interests.Of(ctx, anonymous, "r", id))(t); i.Supporters == nil || *i.Supporters != 1 {
		t.Errorf("after the vote: %+v", i)
	}
	if _, err := v.interests.Of(ctx, eino, "r", draft); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a draft's supporters: %v", err)
	}
	never := interest.New(interest.Config{
		Access:     proposal.Access{Rounds: v.store, Store: v.store},
		Store:      v.store,
		Supporters: interest.ShowNever,
	})
	if i := must(never.Of(ctx, anonymous, "r", id))(t); i.Supporters != nil {
		t.Error("shown although never")
	}
}

// The server's role can change no comment's words, nor say them in another's
// name.
func TestCommentsStandAsWritten(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	id := v.submit(t, "Penkki", "x")
	v.comment(t, eino, id, "Hyvä")
	for _, query := range []string{
		"UPDATE comment SET text = 'Huono'", "UPDATE comment SET author = 1",
		"DELETE FROM comment_report", "UPDATE support SET account = 1",
	} {
		if _, err := v.DB.Exec(query); err == nil || errors.Is(err, context.Canceled) {
			t.Errorf("%s is done", query)
		}
	}
}

// Once a day an author hears of others' comments: each in one e-mail, and of
// none that was hidden meanwhile.
func TestAuthorsAreToldOfComments(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.SetClock(t, "2026-01-12T10:00:00Z")
	v.mailbox(t, aino)
	v.mailbox(t, southern, post.Comments)
	bench := v.submit(t, "Penkki", "x")
	swing := v.submit(t, "Keinu", "x")
	tell := func(moment string) string {
		t.Helper()
		v.SetClock(t, moment)
		if err := v.store.TellAuthors(ctx, 8, "Europe/Helsinki"); err != nil {
			t.Fatal(err)
		}
		var told []string
		for {
			l, _, err := v.store.ClaimEmail(ctx, []time.Duration{time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			if l == nil {
				return strings.Join(told, ", ")
			}
			if l.Notification == post.Commented && l.Wanted {
				told = append(told, fmt.Sprint(l.To.Account == aino.ID, l.Discussed))
			}
			if err := v.store.SettleEmail(ctx, l.ID, l.Tries, post.Sent); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := tell("2026-01-13T08:00:00Z"); got != "" {
		t.Errorf("nobody has said anything: %s", got)
	}
	v.SetClock(t, "2026-01-13T10:00:00Z")
	v.comment(t, eino, bench, "Hieno")
	v.comment(t, southern, bench, "Selvitämme")
	v.comment(t, aino, bench, "Kiitos")
	rude := v.comment(t, eino, swing, "Törkeää")
	for _, c := range []struct{ moment, want string }{
		{"2026-01-13T20:00:00Z", ""},
		{"2026-01-14T05:59:00Z", ""},
		{"2026-01-14T06:00:00Z", fmt.Sprintf("true [{r %d Penkki 2} {r %d Keinu 1}]", bench, swing)}, // at eight
		{"2026-01-14T06:01:00Z", ""},
	} {
		if got := tell(c.moment); got != c.want {
			t.Errorf("%s: got %q want %q", c.moment, got, c.want)
		}
	}
	v.SetClock(t, "2026-01-14T09:00:00Z")
	v.comment(t, eino, swing, "Hyvä")
	must(v.Hide(ctx, southern, "r", rude, proposal.Offensive, ""))(t)
	for _, c := range []struct{ moment, want string }{
		{"2026-01-14T20:00:00Z", ""},
		{"2026-01-15T20:00:00Z", fmt.Sprintf("true [{r %d Keinu 1}]", swing)}, // nothing ran at eight
		{"2026-01-16T06:00:00Z", ""},
	} {
		if got := tell(c.moment); got != c.want {
			t.Errorf("%s: got %q want %q", c.moment, got, c.want)
		}
	}
	v.SetClock(t, "2026-01-16T09:00:00Z")
	v.comment(t, eino, swing, "Vielä")
	hidden := v.comment(t, eino, bench, "Rumaa")
	must(v.Hide(ctx, southern, "r", hidden, proposal.Offensive, ""))(t)
	if got, want := tell("2026-01-17T06:00:00Z"), fmt.Sprintf("true [{r %d Keinu 1}]", swing); got != want {
		t.Errorf("got %q want %q", got, want)
	}
}
