package handlers

import (
	"bytes"
	"cmp"
	"context"
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"osbu/domain"
	"osbu/domain/proposal"
)

// residentPages are the addresses behind a language that residents' pages have
// (frontend/src/app/shell/Site.tsx; a test holds them together). Others are
// answered with the page that says so, and 404.
var residentPages = regexp.MustCompile(`^(|/rights|/account|/invitation|/check|/mail/[^/]+|/about/[^/]+|` +
	`/delivery|/fund|/data|/areas/[^/]+|` +
	`/rounds/[^/]+(|/kiosk|/proposals(/[^/]+)?|/propose(/[^/]+)?|/mine|/events(/[^/]+)?|/claim|/list|/results|/numbers|` +
	`/statistics|/press|/delivery/[^/]+|/ledger|/rights|/vote(/.*)?|/check|/record))$`)

var (
	inLanguage = regexp.MustCompile(`^/(fi|sv|en)(/.*)?$`)
	ofRound    = regexp.MustCompile(`^/rounds/([^/]+)(?:/proposals/([0-9]{1,18}))?`)
)

// headTimeout bounds how long a page waits for its title; it is shown without
// one then.
const headTimeout = 2 * time.Second

// sharePath is the picture of pages that have none of their own, 1200 × 630.
const sharePath = "/share.png"

// mostDescribed is how much of a text search engines and messengers show, in
// characters.
const mostDescribed = 200

// head is what search engines and messengers read of a page.
type head struct {
	title, description, image string
	gone                      bool // there is no such page
}

// headed is the residents' page with the head of its address, for those who
// read a page without running its program, and the status it is sent with.
func (s *Server) headed(ctx context.Context, address string, page *file) (*file, int) {
	path := strings.TrimRight(address, "/")
	language, rest := s.config.City.Language(), path
	match := inLanguage.FindStringSubmatch(path)
	switch {
	case match != nil:
		language, rest = domain.Language(match[1]), match[2]
		if !residentPages.MatchString(rest) {
			return page, http.StatusNotFound
		}
	case path != "" && path != "/index.html" && !under(path, "/rounds"):
		return page, http.StatusNotFound
	}
	h := s.head(ctx, language, rest)
	if h.gone {
		return page, http.StatusNotFound
	}
	service := s.config.City.Service.In(language)
	title := service
	if h.title != "" {
		title = h.title + " – " + service
	}
	var tags strings.Builder
	tag := func(name, attribute, of, value string) {
		if value != "" {
			tags.WriteString("<" + name + " " + attribute + `="` + of + `" `)
			if name == "link" {
				tags.WriteString("href")
			} else {
				tags.WriteString("content")
			}
			tags.WriteString(`="` + html.EscapeString(value) + `" />` + "\n")
		}
	}
	tag("meta", "property", "og:title", cmp.Or(h.title, service))
	tag("meta", "property", "og:site_name", service)
	tag("meta", "property", "og:type", "website")
	tag("meta", "property", "og:description", h.description)
	tag("meta", "property", "og:image", cmp.Or(h.image, s.origin()+sharePath))
	tag("meta", "name", "twitter:card", "summary_large_image")
	if match != nil {
		tag("link", "rel", "canonical", s.origin()+path)
		for _, l := range s.config.City.Languages {
			tag("link", `rel="alternate" hreflang`, string(l), s.origin()+"/"+string(l)+rest)
		}
	}
	body := page.plain
	for _, part := range []struct{ from, to string }{
		{`<html lang="` + string(s.config.City.Language()) + `">`, `<html lang="` + string(language) + `">`},
		{
			`<title>` + html.EscapeString(s.config.City.Service.In(s.config.City.Language())) + `</title>`,
			`<title>` + html.EscapeString(title) + `</title>`,
		},
		{`</head>`, tags.String() + `</head>`},
	} {
		body = bytes.Replace(body, []byte(part.from), []byte(part.to), 1)
	}
	return newFile("index.html", body), http.StatusOK
}

// areasPath is below which each area has its page, behind a language.
const areasPath = "/areas/"

// head tells of a round, a proposal or an area what everybody may know. A
// database that does not answer leaves the page its general head.
func (s *Server) head(ctx context.Context, language domain.Language, rest string) head {
	ctx, cancel := context.WithTimeout(ctx, headTimeout)
	defer cancel()
	if id, ok := strings.CutPrefix(rest, areasPath); ok && s.config.Areas != nil {
		name, err := s.config.Areas.Name(ctx, id)
		return head{title: name.In(language), gone: domain.KindOf(err) == domain.NotFound}
	}
	match := ofRound.FindStringSubmatch(rest)
	if match == nil || s.config.Rounds == nil {
		return head{}
	}
	r, err := s.config.Rounds.Get(ctx, domain.Actor{}, match[1])
	if err != nil {
		return head{gone: domain.KindOf(err) == domain.NotFound}
	}
	h := head{title: r.Name.In(language)}
	id, err := strconv.ParseInt(match[2], 10, 64)
	if err != nil {
		return h
	}
	v, err := s.config.Proposals.Get(ctx, domain.Actor{}, r.ID, id)
	if err != nil {
		return head{title: h.title, gone: domain.KindOf(err) == domain.NotFound}
	}
	return s.proposalHead(v.Proposal, language)
}

func (s *Server) proposalHead(p proposal.Proposal, language domain.Language) head {
	h := head{
		title:       cmp.Or(listed(p.Listing.Title, language), p.Text.Title),
		description: cmp.Or(listed(p.Listing.Description, language), p.Text.What),
	}
	if language == domain.Swedish {
		h.title = cmp.Or(p.Listing.Title.Sv, p.Swedish.Title, h.title)
		h.description = cmp.Or(p.Listing.Description.Sv, p.Swedish.What, h.description)
	}
	if text := []rune(strings.Join(strings.Fields(h.description), " ")); len(text) > mostDescribed {
		h.description = string(text[:mostDescribed-1]) + "…"
	} else {
		h.description = string(text)
	}
	if images := p.Shown(domain.Actor{}); len(images) > 0 {
		h.image = s.origin() + "/api/v1/rounds/" + p.Round + "/proposals/" + strconv.FormatInt(p.ID, 10) +
			"/images/" + images[0].ID + "/full"
	}
	return h
}

// listed is a text of the ballot in a language, and empty in no other.
func listed(t domain.Text, l domain.Language) string {
	return map[domain.Language]string{domain.Finnish: t.Fi, domain.Swedish: t.Sv, domain.English: t.En}[l]
}

// sendPage sends a residents' page with its head, kept for a while with its
// compressed forms, or a page of the staff's as it is.
func (s *Server) sendPage(c *fiber.Ctx, page string, f *file) error {
	if page != "/index.html" {
		return f.send(c)
	}
	now, key := s.config.Now(), "page "+utils.CopyString(c.Path())
	if kept := s.published.find(key, now); kept != nil {
		return kept.file.send(c)
	}
	f, status := s.headed(c.UserContext(), c.Path(), f)
	if c.Status(status); status == http.StatusOK {
		s.published.put(key, now, f)
	}
	return f.send(c)
}
