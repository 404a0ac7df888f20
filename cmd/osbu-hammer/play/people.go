package play

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"

	"osbu/handlers/api"
)

// Who signs in to a journey, beside those on the roll.
const (
	OfficialSubject = "official"
	AuthorSubject   = "author"
	voterPrefix     = "voter-"
)

// subject is the n-th's on the roll, at the provider.
func subject(n int) string { return voterPrefix + strconv.Itoa(n) }

// Claims are what the provider says of a person; false if there is nobody such.
func Claims(subject string) (map[string]any, bool) {
	number, votes := strings.CutPrefix(subject, voterPrefix)
	n, err := strconv.Atoi(number)
	switch {
	case votes && err == nil && n >= 0 && n < MostPeople:
		return map[string]any{"name": "Testi Henkilö", "national_id_num": identityCode(n), "locale": "fi"}, true
	case subject == OfficialSubject:
		return map[string]any{
			"name": "Olavi Virkamies", "roles": []string{"official", "facilitator"}, "areas": []string{area}, "locale": "fi",
		}, true
	case subject == AuthorSubject:
		return map[string]any{"name": "Aino Asukas", "locale": "fi"}, true
	}
	return nil, false
}

// MostPeople is how many identity codes there are for: grown-ups, born from
// 1950 to 1999, each with a number that is kept for tests (900 to 999).
const MostPeople = 50 * 12 * 28 * 100

// identityCode is the n-th's.
func identityCode(n int) string {
	born := fmt.Sprintf("%02d%02d%02d", 1+n/100%28, 1+n/2800%12, 50+n/33600)
	individual := fmt.Sprintf("%03d", 900+n%100)
	number, _ := strconv.Atoi(born + individual) // nine digits
	return born + "-" + individual + string("0123456789ABCDEFHJKLMNPRSTUVWXY"[number%31])
}

// rollText is the roll of so many people, as a city gives it.
func rollText(people int) []byte {
	var b bytes.Buffer
	b.WriteString("identity_code,municipality,area,protected\n")
	for n := range people {
		b.WriteString(identityCode(n) + ",091," + area + ",0\n")
	}
	return b.Bytes()
}

// words are what proposals are about, and what is searched for.
var words = []string{"penkki", "puisto", "leikkipaikka", "valaistus", "pyörätie", "kukkia"}

// signedIn takes a session up.
func signedIn(ctx context.Context, address string, h *http.Client) (client, error) {
	c := client{url: address, header: http.Header{}, http: h}
	var session api.Session
	_, err := c.insist(ctx, http.MethodGet, "/api/v1/session", nil, &session)
	if err == nil && !session.SignedIn {
		err = fmt.Errorf("%s has not signed in the person who was named", address)
	}
	c.header.Set("X-CSRF-Token", session.Csrf)
	return c, err
}

// pictured is how many proposals have a picture.
const pictured = 12

// propose lets the author hand in what visitors look at, and gives their
// addresses.
func propose(ctx context.Context, address, round string, author *http.Client) (proposals []string, err error) {
	c, err := signedIn(ctx, address, author)
	if err != nil {
		return nil, err
	}
	base := "/api/v1/rounds/" + round + "/proposals"
	for n := range pictured {
		word, in, about := words[n%len(words)], area, theme
		title := fmt.Sprintf("Uusi %s %d", word, n+1)
		what := strings.Repeat("Tänne tarvitaan "+word+", josta kaikki iloitsevat. ", 8)
		var p api.Proposal
		if _, err := c.insist(ctx, http.MethodPost, base, api.ProposalText{
			Title: &title, What: &what, Why: &what, Area: &in, Theme: &about,
		}, &p); err != nil {
			return nil, err
		}
		at := base + "/" + strconv.FormatInt(p.Id, 10)
		var added api.Image
		if _, err := c.insist(ctx, http.MethodPost, at+"/images", photo(n), &added); err != nil {
			return nil, err
		}
		order := api.ImageOrder{Images: []api.ImageText{{Id: added.Id, Alt: "Kuvassa " + word}}}
		if _, err := c.insist(ctx, http.MethodPut, at+"/images", order, &p); err != nil {
			return nil, err
		}
		if _, err := c.insist(ctx, http.MethodPost, at+"/submit", nil, &p); err != nil {
			return nil, err
		}
		proposals = append(proposals, at)
	}
	return proposals, nil
}

// accept accepts them all, by its district's facilitator: what is undecided
// cannot be frozen. None is placed on the ballot, which is the file's.
func accept(ctx context.Context, address string, facilitator *http.Client, proposals []string) error {
	c, err := signedIn(ctx, address, facilitator)
	if err != nil {
		return err
	}
	text := api.PublicText{Fi: "Toteutetaan, jos rahat riittävät.", Sv: "Genomförs om pengarna räcker."}
	for _, at := range proposals {
		accepted := api.Acceptance{Cost: api.Cost{Minimum: 1000_00, Maximum: 1000_00}, Text: &text}
		if _, err := c.insist(ctx, http.MethodPost, at+"/accept", accepted, &api.Proposal{}); err != nil {
			return err
		}
	}
	return nil
}

// photo is a picture that is as hard to compress as a photograph.
func photo(seed int) []byte {
	random := rand.New(rand.NewPCG(uint64(seed), 1))
	picture := image.NewRGBA(image.Rect(0, 0, 1200, 900))
	for y := range 900 {
		for x := range 1200 {
			noise := uint8(random.IntN(24))
			picture.SetRGBA(x, y, color.RGBA{uint8(x/8) + noise, uint8(y/6) + noise, uint8(seed*20) + noise, 255})
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, picture, &jpeg.Options{Quality: 80}) // a buffer takes everything
	return b.Bytes()
}
