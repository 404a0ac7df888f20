package handlers

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"osbu/domain"
	"osbu/domain/round"
)

const sitemapPath = "/sitemap.xml"

// siteMap is a list of addresses for search engines (sitemaps.org, protocol
// 0.9); of each the pages in the other languages are named beside it.
type siteMap struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	XHTML   string    `xml:"xmlns:xhtml,attr"`
	URLs    []siteURL `xml:"url"`
}

type siteURL struct {
	Location string      `xml:"loc"`
	Others   []siteOther `xml:"xhtml:link"`
}

type siteOther struct {
	Relation string `xml:"rel,attr"`
	Language string `xml:"hreflang,attr"`
	Address  string `xml:"href,attr"`
}

// mostSited is how many addresses such a list may hold.
const mostSited = 50_000

// sendSitemap lists the pages that everybody may find: the service's own, those
// of every area and of every round that is no rehearsal, and what stands on its
// ballot.
func (s *Server) sendSitemap(c *fiber.Ctx) error {
	now := s.config.Now()
	if kept := s.published.find(sitemapPath, now); kept != nil {
		return kept.send(c)
	}
	paths := []string{
		"", "/about/how", "/about/secrecy", "/about/limits", "/about/accessibility", "/about/privacy", "/delivery", "/fund",
		"/data",
	}
	ctx := c.UserContext()
	if s.config.Rounds != nil {
		rounds, _, err := s.config.Rounds.List(ctx, domain.Actor{})
		if err != nil {
			return err
		}
		areas := map[string]bool{}
		for _, r := range rounds {
			if r.Rehearsal {
				continue
			}
			for _, a := range r.Settings.Areas {
				if !areas[a.ID] {
					areas[a.ID] = true
					paths = append(paths, areasPath+a.ID)
				}
			}
			at := "/rounds/" + r.ID
			paths = append(paths, at, at+"/proposals", at+"/events")
			if r.Phase.Reached(round.Delivering) {
				paths = append(paths, at+"/results")
			}
			if !r.Phase.Reached(round.Frozen) {
				continue
			}
			day, err := s.config.Projects.Today(ctx, domain.Actor{}, r.ID, "")
			if err != nil {
				return err
			}
			for _, p := range day.Projects {
				if p.Proposal != 0 {
					paths = append(paths, at+"/proposals/"+strconv.FormatInt(p.Proposal, 10))
				}
			}
		}
	}
	m := siteMap{XHTML: "http://www.w3.org/1999/xhtml"}
	for _, path := range paths {
		var others []siteOther
		for _, l := range s.config.City.Languages {
			others = append(others, siteOther{"alternate", string(l), s.origin() + "/" + string(l) + path})
		}
		for _, o := range others {
			m.URLs = append(m.URLs, siteURL{o.Address, others})
		}
	}
	body, err := xml.Marshal(siteMap{XHTML: m.XHTML, URLs: m.URLs[:min(len(m.URLs), mostSited)]})
	if err != nil {
		return err
	}
	f := newFile(sitemapPath, slices.Concat([]byte(xml.Header), body))
	f.kind = fiber.MIMEApplicationXMLCharsetUTF8
	c.Status(http.StatusOK)
	return s.published.put(sitemapPath, now, f).send(c)
}
