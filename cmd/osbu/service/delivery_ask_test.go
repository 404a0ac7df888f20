package service

import (
	"fmt"
	"net/http"
	"testing"

	"osbu/domain"
	"osbu/handlers/api"
)

// Of a funded project residents ask, and the city answers, where everybody
// reads it, from the result to the archive; a moderator hides what is improper.
func TestQuestionsAboutAProject(t *testing.T) {
	t.Parallel()
	w, official := delivering(t)
	visitor, resident, expert := w.anonymous(t), w.as(t, person{Name: "Eino Asukas"}), w.expert(t, "environment")
	var story api.DeliveryStory
	visitor.ok("GET", deliveriesPath+"1", nil, &story)
	path := "/api/v1/rounds/r/proposals/" + fmt.Sprint(story.Project.Proposal) + "/comments"
	var asked, answered api.Comment
	resident.ok("POST", path, api.NewComment{Text: "Milloin penkki tulee?", Language: "fi"}, &asked)
	expert.ok("POST", path, api.NewComment{Text: "Keväällä.", Language: "fi", ReplyTo: &asked.Id}, &answered)
	if asked.Staff || !answered.Staff {
		t.Errorf("who asks and who answers: %+v, %+v", asked, answered)
	}
	var all api.Discussion
	visitor.ok("GET", path, nil, &all)
	if len(all.Comments) != 2 || !all.Open {
		t.Errorf("got %+v, want a question and its answer", all)
	}
	official.ok("POST", "/api/v1/rounds/r/comments/"+fmt.Sprint(asked.Id)+"/hide", api.Hiding{Reason: "offensive"}, nil)
	visitor.ok("GET", path, nil, &all)
	if len(all.Comments) != 1 {
		t.Errorf("got %+v, want the answer alone", all)
	}
	official.step("r", "archive")
	if status, code := resident.do("POST", path, api.NewComment{Text: "Entä nyt?", Language: "fi"}, nil); status !=
		http.StatusConflict || code != string(domain.CodePhase) {
		t.Errorf("in an archive: %d %s", status, code)
	}
}
