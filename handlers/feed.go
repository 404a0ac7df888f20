package handlers

import (
	"context"
	"encoding/xml"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"osbu/domain/proposal"
	"osbu/domain/round"
	"osbu/handlers/api"
)

// feedLength is how many of the newest proposals a feed tells.
const feedLength = 50

// The parts of a feed (RFC 4287) that are used here.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  atomAuthor  `xml:"author"` // of all entries: who proposed it stands on its page
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomAuthor struct {
		Name string `xml:"name"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		Language  string         `xml:"xml:lang,attr"`
		ID        string         `xml:"id"`
		Title     string         `xml:"title"`
		Link      atomLink       `xml:"link"`
		Published string         `xml:"published"`
		Updated   string         `xml:"updated"`
		Category  []atomCategory `xml:"category"`
		Summary   string         `xml:"summary"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
)

// OpenAtom gives the newest proposals to feed readers.
func (s *Server) OpenAtom(ctx context.Context, req api.OpenAtomRequestObject) (api.OpenAtomResponseObject, error) {
	q := req.Params
	d, err := s.openData(ctx, req.Round, api.OpenJsonParams(q), feedLength)
	if err != nil {
		return nil, err
	}
	newest, err := d.Next(ctx)
	if err != nil {
		return nil, err
	}
	filter := url.Values{}
	for name, value := range map[string]string{
		"area": given(q.Area), "theme": given(q.Theme),
		"state": string(given(q.State)), "q": given(q.Q),
	} {
		if value != "" {
			filter.Set(name, value)
		}
	}
	query := ""
	if len(filter) > 0 {
		query = "?" + filter.Encode()
	}
	return feed{d, s.toFeed(d.Round, newest, query)}, nil
}

func (s *Server) toFeed(r round.Round, newest []proposal.Proposal, query string) atomFeed {
	address := s.origin() + "/api/v1/rounds/" + r.ID + "/proposals.atom" + query
	name := r.Name.In(s.config.City.Language())
	f := atomFeed{
		ID: address, Title: name, Author: atomAuthor{name},
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: address},
			{Rel: "alternate", Type: "text/html", Href: s.origin() + "/rounds/" + r.ID + "/proposals" + query},
		},
	}
	updated := r.Times.Proposing.Opens
	for _, p := range newest {
		if p.UpdatedAt.After(updated) {
			updated = p.UpdatedAt
		}
		f.Entries = append(f.Entries, atomEntry{
			Language: string(
				p.Text.Language,
			), ID: s.pageOf(p), Title: p.Text.Title, Link: atomLink{Rel: "alternate", Type: "text/html", Href: s.pageOf(p)},
			Published: p.SubmittedAt.UTC().Format(time.RFC3339), Updated: p.UpdatedAt.UTC().Format(time.RFC3339),
			Category: []atomCategory{{string(p.State)}, {p.Text.Area}}, Summary: p.Text.What,
		})
	}
	f.Updated = updated.UTC().Format(time.RFC3339)
	return f
}

type feed struct {
	*openData
	atom atomFeed
}

// VisitOpenAtomResponse sends it whole.
func (f feed) VisitOpenAtomResponse(c *fiber.Ctx) error {
	f.headers(c)
	c.Set(fiber.HeaderContentType, atomKind)
	text, err := f.atom.text()
	if err != nil {
		return err
	}
	return c.Send(text)
}

const atomKind = "application/atom+xml; charset=utf-8"

func (f atomFeed) text() ([]byte, error) {
	text, err := xml.Marshal(f)
	return append([]byte(xml.Header), text...), err
}
