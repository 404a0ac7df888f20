package service

import (
	"fmt"
	"net/http"
	"testing"

	"osbu/handlers/api"
)

// When a project is finished residents say once whether it was worth it; so few
// answers that they would speak of single people are told to nobody.
func TestWasItWorthIt(t *testing.T) {
	t.Parallel()
	w, official := delivering(t)
	visitor := w.anonymous(t)
	const path = deliveriesPath + "1/worth"
	say := func(c *client, answer api.WorthAnswer) (int, string) {
		return c.do("POST", path, api.WorthJudgement{Answer: answer}, nil)
	}
	first := w.as(t, person{Name: "Eino Asukas"})
	if status, code := say(first, "yes"); status != http.StatusConflict || code != "phase_forbids" {
		t.Errorf("before it is finished: %d %s", status, code)
	}
	official.ok("PUT", deliveriesPath+"1/sites/0", report(1, "done"), nil)
	if status, code := say(visitor, "yes"); status != http.StatusUnauthorized {
		t.Errorf("a visitor: %d %s", status, code)
	}
	if status, code := say(first, "maybe"); status != http.StatusBadRequest {
		t.Errorf("another answer: %d %s", status, code)
	}
	var story api.DeliveryStory
	visitor.ok("GET", deliveriesPath+"1", nil, &story)
	if story.Worth == nil || !story.Worth.Open {
		t.Fatalf("nobody is asked: %+v", story.Worth)
	}
	told := func() string {
		story = api.DeliveryStory{}
		visitor.ok("GET", deliveriesPath+"1", nil, &story)
		return fmt.Sprint(story.Worth.Few, story.Worth.Answers)
	}
	for i := range 12 {
		answer := api.WorthAnswer("yes")
		if i == 1 || i == 7 {
			answer = "no"
		}
		c := first
		if i > 0 {
			c = w.as(t, person{Name: fmt.Sprint("Asukas ", i)})
		}
		if status, code := say(c, answer); status != http.StatusOK {
			t.Fatalf("answer %d: %d %s", i, status, code)
		}
		if i == 3 && told() != "true []" {
			t.Errorf("after four answers: %s", told())
		}
	}
	if got := told(); got != "false [{[yes no] 12} {[partly] 0}]" {
		t.Errorf("got %s, want the two who said no counted with the others", got)
	}
	if status, code := say(first, "no"); status != http.StatusConflict || code != "already_answered" {
		t.Errorf("again: %d %s", status, code)
	}
	first.ok("GET", deliveriesPath+"1", nil, &story)
	if story.Worth.Open || value(story.Worth.Mine) != "yes" {
		t.Errorf("her own: %+v", story.Worth)
	}
	official.step("r", "archive")
	if status, code := say(w.as(t, person{Name: "Myöhäinen"}), "yes"); status != http.StatusConflict {
		t.Errorf("in an archive: %d %s", status, code)
	}
}
