package office_test

import (
	"testing"

	"osbu/sql/office"
	"osbu/sql/testdb"
)

// What the program itself cannot get round, whatever it was made to say to the
// database.
func TestWalls(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, office.Migrations(), office.Role)
	t.Run("search paths", d.CheckSearchPaths)
	t.Run("unlogged", d.CheckUnlogged)
	t.Run("functions of the owner", func(t *testing.T) {
		d.CheckDefiners(
			t,
			"analyze_staged()",
			"close_staged()",
			"destroy_issuers(text)",
			"destroy_recoveries(text)",
			"erase_person(bigint,text)",
			"forget_data(text,text,text)",
			"forget_emails()",
			"forget_seats()",
			"name_author(bigint,bigint,text)",
			"open_staged()",
			"shuffle_rights()", "undo_paper(text,text,bytea,bigint,date)",
		)
	})
	t.Run("moments", func(t *testing.T) { d.CheckMoments(t, moments) })
	t.Run("shadows", func(t *testing.T) {
		d.CheckShadow(
			t,
			`CREATE TEMPORARY TABLE spent_right AS
			SELECT 'r1' AS round, 'main' AS paper, '\x01'::bytea AS person, 'online' AS channel`,
			"INSERT INTO public.recovery VALUES ('r1', 'main', '\\x01', '')",
			"recovery_has_right",
		)
	})
}

// Why a column may tell of a moment or an order.
const (
	inPublic = "what somebody says or does in public, or asks the city, is dated; voting is none of it"
	inOffice = "what officials, facilitators and experts do in office is dated"
	steps    = "every step of an official is dated; of voters it tells nothing"
	calendar = "the calendar is public"
	email    = "e-mails have to be sent in time; none is written about somebody's voting"
	word     = "words of proposals, which are public"
	minutes  = "for which a key to a right is good: the row goes with them, and is written anew with the rights"
	sums     = "sums of a day or an hour, of nobody"
	birthday = "a birthday, as the roll has it"
	ownDay   = "the day and no more, which its owner is shown: was a credential issued in my name?"
	request  = "that somebody asked for what is kept of her; she need not vote for that, nor have voted"
	hour     = "whole hours of voters, whom only their cookies tell apart; seconds of staff"
)

var moments = map[string]string{
	"assisted.claimed_at":    inPublic,
	"assisted.given_on":      inOffice,
	"audit.at":               steps,
	"author.joined_at":       inPublic,
	"code_batch.day":         inOffice,
	"code_batch.voided":      inOffice,
	"comment.at":             inPublic,
	"comment.id":             inPublic,
	"comment_report.at":      inPublic,
	"asked_step.at":          inOffice,
	"asked_codes.at":         inOffice,
	"roll_upload.at":         inOffice,
	"roll_upload.lease":      inOffice,
	"conflict.at":            inOffice,
	"conflict.id":            inOffice,
	"contact.at":             inOffice,
	"contact.id":             inOffice,
	"delivery.updated_at":    inOffice,
	"forgotten.day":          sums,
	"delivery_date.actual":   calendar,
	"delivery_date.first":    calendar,
	"delivery_date.promised": calendar,
	"delivery_report.at":     inOffice,
	"imported_round.at":      inOffice,
	"ledger_entry.at":        inOffice,
	"ledger_entry.day":       inOffice,
	"ledger_entry.id":        inOffice,
	"enquiry.answered_at":    inPublic,
	"enquiry.at":             inPublic,
	"enquiry.id":             inPublic,
	"estimate.at":            inOffice,
	"event.created_at":       inOffice,
	"event.id":               inOffice,
	"event.updated_at":       inOffice,
	"event_note.at":          inOffice,
	"event_note.id":          inOffice,
	"event_time.begins":      calendar,
	"event_time.ends":        calendar,
	"image.at":               inPublic,
	"invitation.at":          inPublic,
	"invitation.id":          inPublic,
	"invitation.until":       inPublic,
	"mark.at":                inPublic,
	"kiosk.ends":             inOffice,
	"kiosk.until":            inOffice,
	"kiosk_code.until":       minutes,
	"certificate.day":        inOffice,
	"look_up.day":            inOffice,
	"desk_look_up.day":       inOffice,
	"merge.answer_by":        inOffice,
	"merge.asked_at":         inOffice,
	"merge.id":               inOffice,
	"merge.settled_at":       inOffice,
	"merge_consent.at":       inPublic,
	"note.at":                inOffice,
	"note.id":                inOffice,
	"queue_filter.id":        inOffice,
	"numbers.at":             sums,
	"numbers.day":            sums,
	"outbox.due":             email,
	"outbox.id":              email,
	"mailbox.comments_told":  email,
	"outbox.settled_at":      email,
	"outbox.since":           email,
	"outbox.written_at":      email,
	"person_request.at":      request,
	"person_request.id":      request,
	"place_hour.hour":        sums,
	"proposal.answer_by":     inOffice,
	"turnout.at":             sums,
	"proposal.estimate_by":   inOffice,
	"proposal.id":            inPublic,
	"proposal.submitted_at":  inPublic,
	"proposal.updated_at":    inPublic,
	"proposal_version.at":    inPublic,
	"proposal_word.id":       word,
	"replacement.day":        ownDay,
	"roll.born":              birthday,
	"round.created_at":       calendar,
	"round.proposing_closes": calendar,
	"round.proposing_opens":  calendar,
	"round.vetting_closes":   calendar,
	"round.vetting_opens":    calendar,
	"round.voting_closes":    calendar,
	"round.voting_opens":     calendar,
	"seat.id":                inPublic,
	"session.ends":           hour,
	"staff.seen_at":          inOffice,
	"stand_in.from_day":      inOffice,
	"stand_in.to_day":        inOffice,
	"staff.told_at":          email,
	"staff.told_before":      email,
	"session.expires":        hour,
	"spent_right.day":        ownDay,
}
