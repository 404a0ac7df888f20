package handlers

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"osbu/domain"
	"osbu/domain/delivery"
	"osbu/domain/round"
)

// embedPath is below which pages lie that other sites show in a frame:
// /embed/fi?area=southern. They are the only ones of ours that can be framed.
// They run no scripts and set no cookies, nor does a browser send ours, for
// they are another site's there; so there is nobody on whose behalf a click
// that was lured into the frame could do anything.
const embedPath = "/embed"

// Embedders are the sites that may do so, as sources of frame-ancestors (CSP
// Level 3 §6.4.2); empty: none.
type Embedders []string

// UnmarshalText takes origins parted by spaces.
func (e *Embedders) UnmarshalText(text []byte) error {
	for origin := range strings.FieldsSeq(string(text)) {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Scheme+"://"+u.Host != origin ||
			strings.ContainsAny(u.Host, `;,'"`) || strings.Contains(strings.TrimPrefix(u.Host, "*."), "*") {
			return errors.New("want sites parted by spaces, such as https://www.example.org https://*.example.org")
		}
		*e = append(*e, origin)
	}
	return nil
}

//go:embed embed.html
var embedPage string

//go:embed embed.css
var embedStyle string

var embedTemplate = template.Must(template.New("embed").Parse(embedPage))

// embedPolicy lets the page's own style through, and the sites that may frame
// it.
func (e Embedders) policy() string {
	digest := sha256.Sum256([]byte(embedStyle))
	ancestors := "'none'"
	if len(e) > 0 {
		ancestors = strings.Join(e, " ")
	}
	return "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" +
		base64.StdEncoding.EncodeToString(digest[:]) + "'; frame-ancestors " + ancestors
}

// embedded is such a page.
type embedded struct {
	Language         domain.Language
	Title, Rehearsal string
	Counts           string
	Projects         []embeddedProject
	All, More        string
	Style            template.CSS
}

type embeddedProject struct {
	Address, Title              string
	Language                    domain.Language // empty: the page's
	Standing, Late, Next, Where string
}

// embedShown is how many projects such a page has; the whole list is a link
// away.
const embedShown = 10

// Words of the page; counts take a number, or several.
var (
	embedTitle  = domain.Text{Fi: "Hankkeiden toteutus", Sv: "Projektens genomförande", En: "Building the projects"}
	embedCounts = domain.Text{
		Fi: "Hankkeita %d: valmiina %d, myöhässä %d.", Sv: "Projekt %d: färdiga %d, försenade %d.",
		En: "Projects %d: done %d, late %d.",
	}
	embedMore      = domain.Text{Fi: "Katso kaikki hankkeet", Sv: "Se alla projekt", En: "See all projects"}
	embedNext      = domain.Text{Fi: "seuraavaksi %s %s", Sv: "härnäst %s %s", En: "next: %s %s"}
	embedRehearsal = domain.Text{
		Fi: "Tämä on harjoituskierros: hankkeita ei toteuteta.",
		Sv: "Det här är en övningsomgång: projekten genomförs inte.",
		En: "This is a rehearsal: the projects are not built.",
	}
	embedLate = map[bool]domain.Text{
		true:  {Fi: "%d päivän myöhässä", Sv: "%d dag försenat", En: "%d day late"},
		false: {Fi: "%d päivää myöhässä", Sv: "%d dagar försenat", En: "%d days late"},
	}
	embedStandings = map[delivery.Standing]domain.Text{
		delivery.Changed:   {Fi: "muuttunut", Sv: "ändrat", En: "changed"},
		delivery.Paused:    {Fi: "keskeytetty", Sv: "pausat", En: "paused"},
		delivery.Cancelled: {Fi: "peruttu", Sv: "inställt", En: "cancelled"},
	}
	embedPhases = map[delivery.Phase]domain.Text{
		delivery.Codevelopment: {Fi: "yhteiskehittäminen", Sv: "samutveckling", En: "working it out together"},
		delivery.Planning:      {Fi: "suunnittelu", Sv: "planering", En: "planning"},
		delivery.Procurement:   {Fi: "hankinta", Sv: "upphandling", En: "procurement"},
		delivery.Building:      {Fi: "rakentaminen", Sv: "byggande", En: "building"},
		delivery.Done:          {Fi: "valmis", Sv: "färdigt", En: "done"},
		delivery.Warranty:      {Fi: "takuuaika", Sv: "garantitid", En: "warranty"},
	}
	embedDays = domain.Text{Fi: "2.1.2006", Sv: "2.1.2006", En: "2 Jan 2006"}
)

// sendEmbed sends the list of projects of an area, a round or a division, or of
// all, in the language that the address names.
func (s *Server) sendEmbed(c *fiber.Ctx) error {
	l := domain.Language(strings.Trim(strings.TrimPrefix(c.Path(), embedPath), "/"))
	if !slices.Contains(s.config.City.Languages, l) || s.config.Deliveries == nil {
		return fiber.ErrNotFound
	}
	wanted := delivery.List{Limit: embedShown}
	shown := url.Values{}
	for name, to := range map[string]*string{
		"area": &wanted.Area, "round": &wanted.Round, "division": &wanted.Division, "theme": &wanted.Theme,
	} {
		if value := utils.CopyString(c.Query(name)); value != "" {
			if !round.IsAddress(value) {
				return fiber.ErrNotFound
			}
			*to = value
			shown.Set(name, value)
		}
	}
	c.Set(fiber.HeaderContentSecurityPolicy, s.config.Embedders.policy())
	if len(s.config.Embedders) > 0 { // which knows no list of sites
		c.Response().Header.Del(fiber.HeaderXFrameOptions)
	}
	// A site that isolates itself (COEP) may show the page, too.
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	now, key := s.config.Now(), embedPath+" "+string(l)+query(shown)
	if kept := s.published.find(key, now); kept != nil {
		return kept.send(c)
	}
	page, err := s.config.Deliveries.List(c.UserContext(), domain.Actor{}, wanted)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := embedTemplate.Execute(&text, s.toEmbedded(l, wanted, shown, page)); err != nil {
		return err
	}
	return s.published.put(key, now, newFile("embed.html", text.Bytes())).send(c)
}

func (s *Server) toEmbedded(
	l domain.Language, wanted delivery.List, shown url.Values, page delivery.Page,
) embedded {
	title := []string{s.config.City.Service.In(l) + ": " + embedTitle.In(l)}
	out := embedded{
		Language: l, Style: template.CSS(embedStyle), //nolint:gosec // it is ours
		Counts: fmt.Sprintf(embedCounts.In(l), page.Summary.All, page.Summary.Done, page.Summary.Late),
		All:    s.origin() + "/" + string(l) + "/delivery" + query(shown), More: embedMore.In(l),
	}
	for i, v := range page.Projects {
		p := v.Project
		if i == 0 && wanted.Area != "" {
			title = append(title, p.AreaName.In(l))
		}
		if i == 0 && wanted.Round != "" {
			title = append(title, p.RoundName.In(l))
		}
		if p.Rehearsal {
			out.Rehearsal = embedRehearsal.In(l)
		}
		one := embeddedProject{
			Address: s.origin() + "/" + string(l) + "/rounds/" + v.Round + "/delivery/" + strconv.Itoa(p.Number),
			Title:   p.Title.In(l), Standing: embedPhases[v.Phase].In(l), Where: p.AreaName.In(l) + " · " + p.RoundName.In(l),
		}
		if listed(p.Title, l) == "" { // Text.In takes Finnish then
			one.Language = domain.Finnish
		}
		if word, ok := embedStandings[v.Standing]; ok {
			one.Standing += ", " + word.In(l)
		}
		if v.Late.Days > 0 {
			one.Late = fmt.Sprintf(embedLate[v.Late.Days == 1].In(l), v.Late.Days)
		}
		if next, ok := v.Next(); ok {
			if day, err := time.Parse(time.DateOnly, next.Promised); err == nil {
				one.Next = fmt.Sprintf(embedNext.In(l), embedPhases[next.Phase].In(l), day.Format(embedDays.In(l)))
			}
		}
		out.Projects = append(out.Projects, one)
	}
	out.Title = strings.Join(title, ", ")
	return out
}
