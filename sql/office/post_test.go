package office_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/proposal/interest"
	"osbu/sql/office"
)

// mailbox gives somebody a confirmed one.
func (v village) mailbox(t *testing.T, a domain.Actor, muted ...post.Kind) {
	t.Helper()
	_, err := v.store.ChangeMailbox(context.Background(), a.ID, func(_ time.Time, s *post.Sealed) (bool, error) {
		s.Address, s.Confirmed, s.Muted = []byte("sealed "+a.Name), true, muted
		return false, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var holds = []time.Duration{time.Minute, time.Hour}

// outbox claims everything that is due and gives "notification kind tries",
// with what is not wanted any more in brackets.
func (v village) outbox(t *testing.T) (all []string) {
	t.Helper()
	for {
		l, _, err := v.store.ClaimEmail(context.Background(), holds)
		if err != nil {
			t.Fatal(err)
		}
		if l == nil {
			return all
		}
		line := fmt.Sprintf("%s %s %d", l.Notification, l.Kind, l.Tries)
		if !l.Wanted {
			line = "(" + line + ")"
		}
		all = append(all, line)
	}
}

func is(t *testing.T, got []string, want string) {
	t.Helper()
	if strings.Join(got, ", ") != want {
		t.Fatalf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

// Every step of a proposal's life is told to its author, once; what she does to
// a draft is not.
func TestTheAuthorHearsOfEveryStep(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, aino)
	id := must(v.Draft(ctx, aino, "r", bench("Luonnos")))(t).ID
	must(v.Edit(ctx, aino, "r", id, 1, bench("Penkki"), nil))(t)
	is(t, v.outbox(t), "")
	must(v.Submit(ctx, aino, "r", id))(t)
	must(v.Take(ctx, southern, "r", id))(t)
	must(v.Ask(ctx, southern, "r", id, "Mihin?", time.Time{}))(t)
	must(v.Submit(ctx, aino, "r", id))(t)
	must(v.Take(ctx, southern, "r", id))(t)
	must(v.Reject(ctx, southern, "r", id, proposal.Duplicate, domain.Text{Fi: "Sama", Sv: "Samma"}))(t)
	must(v.Appeal(ctx, aino, "r", id, "Ei ole sama."))(t)
	must(v.Accept(ctx, colleague, "r", id, proposal.Cost{Maximum: 100}, domain.Text{Fi: "Totta", Sv: "Sant"}))(t)
	must(v.place(ctx, official, "r", nil))(t)
	projects := must(v.projects.Today(ctx, official, "r", ""))(t)
	if err := v.projects.Remove(ctx, official, "r", projects.Projects[0].Number, v.ballot(ctx)); err != nil {
		t.Fatal(err)
	}
	is(
		t,
		v.outbox(t),
		"submitted progress 1, taken progress 1, asked questions 1, replied progress 1, taken progress 1, rejected "+
			"decisions 1, "+
			"appealed progress 1, accepted decisions 1, placed progress 1, removed progress 1",
	)
	must(v.Withdraw(ctx, aino, "r", id))(t)
	is(t, v.outbox(t), "withdrawn progress 1")
	quiet := must(v.Draft(ctx, aino, "r", bench("Luonnos")))(t).ID
	must(v.Withdraw(ctx, aino, "r", quiet))(t)
	is(t, v.outbox(t), "")
}

// Followers hear of what everybody may know, and not of what passes between the
// author and the city.
func TestFollowersHearOfPublicSteps(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, eino)
	id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	v.stage(t, "INSERT INTO follow (proposal, account) VALUES (?, ?), (?, ?)", id, eino.ID, id, aino.ID)
	must(v.Submit(ctx, aino, "r", id))(t)
	must(v.Take(ctx, southern, "r", id))(t)
	must(v.Ask(ctx, southern, "r", id, "Mihin?", time.Time{}))(t)
	must(v.Submit(ctx, aino, "r", id))(t)
	must(v.Take(ctx, southern, "r", id))(t)
	must(v.Reject(ctx, southern, "r", id, proposal.Duplicate, domain.Text{Fi: "Sama", Sv: "Samma"}))(t)
	must(v.Appeal(ctx, aino, "r", id, "Ei ole sama."))(t)
	is(t, v.outbox(t), "(taken followed 1), taken followed 1, rejected followed 1")
	v.mailbox(t, aino)
	v.mailbox(t, eino, post.Followed)
	must(v.Accept(ctx, colleague, "r", id, proposal.Cost{Maximum: 100}, domain.Text{}))(t)
	is(t, v.outbox(t), "accepted decisions 1") // the author once, though she follows herself
}

// The provider's address leaves the session when it is of use, and not before:
// who only votes leaves none behind.
func TestAMailboxIsOpenedByTheFirstUse(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	for _, a := range []domain.Actor{aino, eino} {
		v.stage(
			t,
			`INSERT INTO session (token, account, sealed, expires, ends, email, email_verified)
			VALUES (sha256(?::text::bytea), ?, '', '2026-02-01 00:00Z', '2026-02-01 00:00Z', ?::text::bytea, true)`,
			a.Name,
			a.ID,
			"sealed "+a.Name,
		)
	}
	id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	boxes := func() (n int) {
		if err := v.Owner.QueryRowContext(ctx, "SELECT count(*) FROM mailbox WHERE confirmed").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if boxes() != 0 {
		t.Fatal("a draft opened a mailbox")
	}
	must(v.Submit(ctx, aino, "r", id))(t)
	for _, tie := range []interest.Kind{interest.Support, interest.Follow} {
		if _, err := v.interests.Set(ctx, eino, "r", id, tie, true); err != nil {
			t.Fatal(err)
		}
		if want := map[interest.Kind]int{interest.Support: 1, interest.Follow: 2}[tie]; boxes() != want {
			t.Errorf("after %s %d mailboxes, not %d", tie, boxes(), want)
		}
	}
	must(v.Take(ctx, southern, "r", id))(t)
	is(t, v.outbox(t), "submitted progress 1, taken progress 1, taken followed 1")
}

// A step that is refused, or rolled back, tells nothing; an unconfirmed
// address, a muted kind and a stranger hear nothing.
func TestWhoHearsNothing(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	must(v.Submit(ctx, aino, "r", id))(t)
	is(t, v.outbox(t), "")
	v.mailbox(t, aino, post.Progress)
	must(v.Take(ctx, southern, "r", id))(t)
	is(t, v.outbox(t), "")
	if _, err := v.Reject(ctx, western, "r", id, proposal.Other, domain.Text{Fi: "Ei", Sv: "Nej"}); err == nil {
		t.Fatal("another district decides")
	}
	is(t, v.outbox(t), "")
	must(v.Ask(ctx, southern, "r", id, "Mihin?", time.Time{}))(t)
	if _, err := v.store.ChangeMailbox(ctx, aino.ID, func(_ time.Time, s *post.Sealed) (bool, error) {
		s.Muted = post.Kinds
		return false, nil
	}); err != nil {
		t.Fatal(err)
	}
	is(t, v.outbox(t), "(asked questions 1)") // she unsubscribed before it was sent
}

// The reminder comes before the deadline, if the question still waits then.
func TestReminders(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, aino, post.Progress, post.Decisions)
	asked := func() int64 {
		id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
		must(v.Submit(ctx, aino, "r", id))(t)
		must(v.Take(ctx, southern, "r", id))(t)
		view := must(v.Ask(ctx, southern, "r", id, "Mihin?", time.Time{}))(t)
		if want := "2026-01-24T23:59:00Z"; view.AnswerBy.UTC().Format(time.RFC3339) != want {
			t.Fatalf("answer by %s, not %s", view.AnswerBy, want)
		}
		return id
	}
	waits, answered, edited := asked(), asked(), asked()
	is(t, v.outbox(t), "asked questions 1, asked questions 1, asked questions 1")
	version := must(v.proposals.Get(ctx, aino, "r", edited))(t).Version
	must(v.Edit(ctx, aino, "r", edited, version, bench("Penkki ja pöytä"), nil))(t)
	must(v.Submit(ctx, aino, "r", answered))(t)
	if v := must(v.proposals.Get(ctx, aino, "r", answered))(t); !v.AnswerBy.IsZero() {
		t.Fatalf("still a deadline: %v", v.AnswerBy)
	}
	v.stage(t, "UPDATE outbox SET settled_at = osbu_now(), outcome = 'sent' WHERE notification <> 'reminded'")
	v.SetClock(t, "2026-01-21T23:58:59Z")
	is(t, v.outbox(t), "")
	v.SetClock(t, "2026-01-21T23:59:00Z")
	is(t, v.outbox(t), "reminded questions 1, (reminded questions 1), reminded questions 1")
	if v := must(v.proposals.Get(ctx, anonymous, "r", waits))(t); !v.AnswerBy.IsZero() || v.Question != "" {
		t.Error("everybody sees what is asked of the author")
	}
	for until, want := range map[string]string{"2026-01-21T23:59:00Z": "too_small", "2026-03-23T00:00:00Z": "too_large"} {
		moment, err := time.Parse(time.RFC3339, until)
		if err != nil {
			t.Fatal(err)
		}
		must(v.Take(ctx, southern, "r", waits))(t)
		_, err = v.Ask(ctx, southern, "r", waits, "Mihin?", moment)
		if err == nil || !strings.Contains(err.Error(), "answer_by: "+want) {
			t.Errorf("%s: %v", until, err)
		}
		v.stage(t, "UPDATE proposal SET state = 'submitted' WHERE id = ?", waits)
	}
}

// Many postmen at once: every e-mail is claimed by one of them. A claim that
// nobody settled comes back after its hold, with the same number.
func TestNoEmailIsClaimedTwice(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, aino)
	const emails = 30
	for range emails / 2 {
		id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
		must(v.Submit(ctx, aino, "r", id))(t)
		must(v.Take(ctx, southern, "r", id))(t)
	}
	var mu sync.Mutex
	claimed := map[int64]int{}
	var postmen sync.WaitGroup
	for range 6 {
		postmen.Go(func() {
			for {
				l, address, err := v.store.ClaimEmail(ctx, holds)
				if err != nil || string(address) != "sealed Aino A" && l != nil {
					t.Errorf("%v %q", err, address)
				}
				if l == nil || err != nil {
					return
				}
				mu.Lock()
				claimed[l.ID]++
				mu.Unlock()
				if l.ID%2 == 0 {
					if err := v.store.SettleEmail(ctx, l.ID, l.Tries, post.Sent); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	postmen.Wait()
	if len(claimed) != emails {
		t.Errorf("%d e-mails of %d", len(claimed), emails)
	}
	for id, n := range claimed {
		if n != 1 {
			t.Errorf("e-mail %d was claimed %d times", id, n)
		}
	}
	v.SetClock(t, "2026-01-10T00:00:59Z")
	is(t, v.outbox(t), "")
	v.SetClock(t, "2026-01-10T00:01:00Z")
	again := v.outbox(t)
	if len(again) != emails/2 || !strings.HasSuffix(again[0], " 2") {
		t.Errorf("%d: %v", len(again), again)
	}
	// The second claim's hold is an hour; and what an overtaken claim says does
	// not count.
	var id int64
	if err := v.Owner.QueryRowContext(ctx, "SELECT min(id) FROM outbox WHERE settled_at IS NULL").Scan(&id); err != nil {
		t.Fatal(err)
	}
	if err := v.store.SettleEmail(ctx, id, 1, post.Sent); err != nil {
		t.Fatal(err)
	}
	v.SetClock(t, "2026-01-10T01:00:59Z")
	is(t, v.outbox(t), "")
	v.SetClock(t, "2026-01-10T01:01:00Z")
	if third := v.outbox(t); len(third) != emails/2 {
		t.Errorf("%d: %v", len(third), third)
	}
}

// Whatever the code does, the database decides: one appeal, another person, one
// e-mail a step, one deadline while it is waited for.
func TestTheDatabaseHoldsTheRulesOfAppeals(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, aino)
	id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	must(v.Submit(ctx, aino, "r", id))(t)
	must(v.Take(ctx, southern, "r", id))(t)
	must(v.Reject(ctx, southern, "r", id, proposal.Duplicate, domain.Text{Fi: "Sama", Sv: "Samma"}))(t)
	must(v.Appeal(ctx, aino, "r", id, "Ei ole sama."))(t)
	for name, query := range map[string]string{
		"proposal_another_decides": "UPDATE proposal SET state = 'rejected', facilitator = rejected_by",
		"proposal_appeal_once":     "UPDATE proposal SET appeal = 'Eikä ole.'",
		"proposal_appealed": "INSERT INTO proposal (round, state, version, author_name, facilitator_name, title, " +
			"what, why, place, area, language, question, reason, answer, submitted_at, updated_at, words, rejected_by) " +
			"SELECT round, state, version, author_name, facilitator_name, title, what, why, place, area, language, question, " +
			"reason, answer, submitted_at, updated_at, words, rejected_by FROM proposal",
		"proposal_deadline": "UPDATE proposal SET answer_by = osbu_now()",
		"outbox_once": "INSERT INTO outbox (account, notification, kind, proposal, version) SELECT account, " +
			"notification, kind, proposal, version FROM outbox",
		"permission denied": "DELETE FROM outbox",
	} {
		if _, err := v.DB.DB.ExecContext(ctx, query); err == nil ||
			!strings.Contains(err.Error(), name) &&
				!(name == "proposal_appeal_once" && strings.Contains(err.Error(), "made once")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := v.Reject(ctx, southern, "r", id, proposal.Other, domain.Text{Fi: "Ei", Sv: "Nej"}); err == nil {
		t.Error("the one who rejected decides again")
	}
	if undecided, err := office.UndecidedIn(ctx, v.DB.DB, "r"); err != nil || undecided != 1 {
		t.Errorf("an appeal does not hold up the freeze: %d %v", undecided, err)
	}
	view := must(v.proposals.Get(ctx, anonymous, "r", id))(t)
	if view.Appeal != "" || view.Reason != proposal.Duplicate {
		t.Errorf("%+v", view)
	}
	must(v.Reject(ctx, official, "r", id, proposal.NotFeasible, domain.Text{Fi: "Ei onnistu", Sv: "Går inte"}))(t)
	if _, err := v.Appeal(ctx, aino, "r", id, "Vielä kerran"); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("a second appeal: %v", err)
	}
	var answers []string
	for _, version := range must(v.Versions(ctx, anonymous, "r", id))(t) {
		if version.Action == proposal.ToAppeal && version.Reason != "" {
			t.Error("everybody reads the appeal")
		}
		if version.Answer.Fi != "" {
			answers = append(answers, version.Answer.Fi)
		}
	}
	is(t, answers, "Sama, Ei onnistu")
}

// A month after it was settled an e-mail goes, with it what named it; one that
// waits does not, and nobody is told twice of a step that is still the last.
func TestSettledEmailsAreForgotten(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, aino)
	id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	must(v.Submit(ctx, aino, "r", id))(t)
	must(v.Take(ctx, southern, "r", id))(t)
	v.stage(t, "INSERT INTO outbox (account, notification, kind, proposal) VALUES (?, 'helped', 'questions', ?)", aino.ID,
		id)
	v.stage(
		t,
		"INSERT INTO enquiry (round, by, language, text, answer, answered_by, answered_at, email) SELECT 'r', ?, 'fi', "+
			"'Miten', 'Näin', ?, osbu_now(), id FROM outbox WHERE notification = 'helped'",
		aino.ID,
		southern.ID,
	)
	v.stage(
		t,
		"INSERT INTO outbox (notification, kind, proposal, address, language) VALUES ('invite', '', ?, 'sealed', 'fi')",
		id,
	)
	v.stage(
		t,
		"INSERT INTO invitation (proposal, by, digest, email, until, outcome) SELECT ?, ?, sha256('1'), id, osbu_now(), "+
			"'ended' FROM outbox WHERE notification = 'invite'",
		id,
		aino.ID,
	)
	v.stage(
		t,
		"INSERT INTO outbox (account, notification, kind) VALUES (?, 'confirm', '')",
		aino.ID,
	) // waits for its next try all the time
	for {
		l, _, err := v.store.ClaimEmail(ctx, []time.Duration{90 * 24 * time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		if l == nil {
			break
		}
		if l.Notification == post.Confirm {
			continue
		}
		if err := v.store.SettleEmail(ctx, l.ID, l.Tries, post.Sent); err != nil {
			t.Fatal(err)
		}
	}
	left := func() (all string) {
		t.Helper()
		err := v.Owner.QueryRowContext(ctx, `SELECT string_agg(notification || '/' || kind, ' '
			ORDER BY notification) || ' ' || (SELECT count(email) FROM enquiry) || (SELECT count(email) FROM invitation)
			FROM outbox`).
			Scan(&all)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	forget := func(at string, want int64, wantLeft string) {
		t.Helper()
		v.SetClock(t, at)
		if n := must(v.store.ForgetEmails(ctx))(t); n != want || left() != wantLeft {
			t.Errorf("%s: forgot %d, left %s; want %d, %s", at, n, left(), want, wantLeft)
		}
	}
	forget("2026-02-09T00:00:00Z", 0, "confirm/ helped/questions invite/ submitted/progress taken/progress 11")
	forget("2026-02-09T00:00:01Z", 3, "confirm/ taken/ 00")
	v.stage(
		t,
		"INSERT INTO outbox (account, notification, kind, proposal, version) SELECT account, 'taken', 'progress', "+
			"proposal, version FROM outbox WHERE notification = 'taken' ON CONFLICT DO NOTHING",
	)
	if got := left(); got != "confirm/ taken/ 00" {
		t.Errorf("told twice: %s", got)
	}
	forget("2026-02-09T01:00:00Z", 0, "confirm/ taken/ 00")
	must(v.Reject(ctx, southern, "r", id, proposal.Other, domain.Text{Fi: "Ei", Sv: "Nej"}))(t)
	forget("2026-02-09T01:00:00Z", 1, "confirm/ rejected/decisions 00")
}
