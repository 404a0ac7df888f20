package office_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"osbu/domain"
	"osbu/domain/proposal"
)

// submit puts a proposal by Aino in front of everybody.
func (v village) submit(t *testing.T, title, what string) int64 {
	t.Helper()
	text := bench(title)
	text.What = what
	id := must(v.Draft(context.Background(), aino, "r", text))(t).ID
	must(v.Submit(context.Background(), aino, "r", id))(t)
	return id
}

func titles(views []proposal.View) string {
	var all []string
	for _, p := range views {
		all = append(all, p.Text.Title)
	}
	return strings.Join(all, ", ")
}

// One word, typed in any of its forms, in a compound or with a slip of the
// finger, finds the proposal that has it in another.
func TestSearchKnowsForms(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	for _, title := range []string{
		"Leikkipuistoon keinuja", "Penkkejä rantareitille", "Silta Keravanjoelle", "Uimarannalle laituri", "Kadulle kukkia",
		"Polulle valaistus", "Lammella lintutorni",
		"Kaupungin sydän", "Kentälle maalit", "Leikkipaikoille varjoa", "Koirille aitaus", "Pyöräteiden talvihoito",
		"Lahden ruoppaus", "Palloja koululle", "Puun varjoon", "Vessa torille",
		"Lekparken i Kottby", "Fler bänkar", "Nya gungor", "Cykelvägarna asfalteras", "Träd till skolgården",
	} {
		v.submit(t, title, "x")
	}
	for words, want := range map[string]string{
		"puistoissa": "Leikkipuistoon keinuja", "leikkipuisto": "Leikkipuistoon keinuja",
		"leikkipuistoista": "Leikkipuistoon keinuja", "KEINU": "Leikkipuistoon keinuja",
		"penkki": "Penkkejä rantareitille", "penkit": "Penkkejä rantareitille", "penkin": "Penkkejä rantareitille",
		"rantareitti": "Penkkejä rantareitille",
		"sillalla":    "Silta Keravanjoelle", "sillat": "Silta Keravanjoelle", "uimaranta": "Uimarannalle laituri",
		"uimarannat": "Uimarannalle laituri",
		"katu":       "Kadulle kukkia", "katuja": "Kadulle kukkia", "polku": "Polulle valaistus",
		"polkuja": "Polulle valaistus", "valaistusta": "Polulle valaistus",
		"lampi": "Lammella lintutorni", "lintutornit": "Lammella lintutorni", "kaupunki": "Kaupungin sydän",
		"kenttä":       "Kentälle maalit",
		"leikkipaikka": "Leikkipaikoille varjoa", "koira": "Koirille aitaus", "pyörätie": "Pyöräteiden talvihoito",
		"lahti": "Lahden ruoppaus", "palloille": "Palloja koululle", "puut": "Puun varjoon", "puuta": "Puun varjoon",
		"vessoja": "Vessa torille",
		"lekpark": "Lekparken i Kottby", "lekparker": "Lekparken i Kottby", "park": "Lekparken i Kottby",
		"parken": "Lekparken i Kottby",
		"bänk":   "Fler bänkar", "gunga": "Nya gungor", "cykelväg": "Cykelvägarna asfalteras",
		"skolgård": "Träd till skolgården",
		// slips
		"leikipuisto": "Leikkipuistoon keinuja", "uimarnta": "Uimarannalle laituri", "cykellväg": "Cykelvägarna asfalteras",
		"valastus":             "Polulle valaistus",
		"silta ja keravanjoki": "Silta Keravanjoelle", "träd på skolgården": "Träd till skolgården", // words that say nothing
		`"nya gungor"`: "Nya gungor", `"gungor nya"`: "", "kukkia -kadulla": "",
		"talvihoito pyöräteillä": "Pyöräteiden talvihoito",
	} {
		page := must(v.proposals.List(ctx, anonymous, "r", proposal.List{Words: words, Limit: 30}, ""))(t)
		if got := titles(page.Proposals); got != want {
			t.Errorf("%q finds %q, want %q", words, got, want)
		}
	}
}

// The title counts most; pages of a search neither miss nor repeat.
func TestSearchShowsTheBestFirst(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.submit(t, "Keinuja", "Puistoon")
	v.submit(t, "Puistossa soi", "Musiikkia")
	v.submit(t, "Uusi puisto", "Keinuja")
	for i := range 9 {
		v.submit(t, fmt.Sprint("Aita ", i), "puisto")
	}
	var seen []string
	list := proposal.List{Words: "puisto", Limit: 4}
	for {
		page := must(v.proposals.List(ctx, anonymous, "r", list, ""))(t)
		if page.Total != 12 {
			t.Fatalf("total %d", page.Total)
		}
		for _, p := range page.Proposals {
			seen = append(seen, p.Text.Title)
		}
		if page.Next == 0 {
			break
		}
		list.From = page.Next
	}
	if want := []string{
		"Uusi puisto", "Puistossa soi", "Aita 8", "Aita 7", "Aita 6", "Aita 5", "Aita 4", "Aita 3",
		"Aita 2", "Aita 1", "Aita 0", "Keinuja",
	}; !slices.Equal(
		seen,
		want,
	) {
		t.Errorf("%q", seen)
	}
}

func TestSimilarProposals(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.submit(t, "Levähdyspenkkejä Vuosaaren rantareiteille", "Penkki sadan metrin välein.")
	v.submit(t, "Sommarscen på Skatudden", "En liten scen.")
	v.submit(t, "Valaistusta leikkipuistoon", "Lisää valoja")
	gone := v.submit(t, "Penkki Vuosaareen", "Yksi")
	must(v.Withdraw(ctx, aino, "r", gone))(t)
	must(v.Draft(ctx, aino, "r", proposal.Text{Title: "Penkkejä Vuosaareen"}))(t)
	for words, want := range map[string]string{
		"Penkkejä Vuosaareen":     "Levähdyspenkkejä Vuosaaren rantareiteille",
		"vuosaaren rantapenkit":   "",
		"Penkki":                  "Levähdyspenkkejä Vuosaaren rantareiteille",
		"Scen på Skatudden":       "Sommarscen på Skatudden",
		"leikkipuiston valaistus": "Valaistusta leikkipuistoon",
		"Uimahalli Myllypuroon":   "",
		"ja":                      "",
		"":                        "",
		"-penkki":                 "",
		"% ' \\ \" --":            "",
	} {
		if got := titles(must(v.Similar(ctx, eino, "r", words))(t)); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
	if _, err := v.Similar(ctx, eino, "none", "penkki"); err == nil {
		t.Error("in a round that is not there")
	}
}

// A search knows the words of today, everybody's as soon as they are public,
// and one's own at once.
func TestSearchKnowsTheWordsOfToday(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	finds := func(who domain.Actor, words string, whose proposal.Whose) string {
		t.Helper()
		return titles(must(v.proposals.List(ctx, who, "r", proposal.List{Words: words, Limit: 30}, whose))(t).Proposals)
	}
	draft := must(v.Draft(ctx, aino, "r", bench("Hyötykasvien viljelyä")))(t)
	if mine, theirs := finds(aino, "viljely", proposal.Mine),
		finds(aino, "viljely", ""); mine != "Hyötykasvien viljelyä" ||
		theirs != "" {
		t.Fatalf("a draft: %q, %q", mine, theirs)
	}
	must(v.Submit(ctx, aino, "r", draft.ID))(t)
	if got := finds(anonymous, "hyötykäsvien", ""); got != "Hyötykasvien viljelyä" { // a slip, in a word that has an ö
		t.Fatalf("found %q", got)
	}
	must(v.Edit(ctx, aino, "r", draft.ID, draft.Version+1, bench("Jäätelökioski"), nil))(t)
	for words, want := range map[string]string{"viljely": "", "jäätelö": "Jäätelökioski"} {
		if got := finds(anonymous, words, ""); got != want {
			t.Errorf("%q finds %q, want %q", words, got, want)
		}
	}
}

// Plain letters and any Unicode form find what has dots and strokes, in the
// list, among similar ones, in phrases and in drafts; the exact spelling comes
// first.
func TestSearchTakesPlainLetters(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	for _, title := range []string{"Kapyla", "Käpylän kenttä", "Töölön pyöräpumppu", "Łódź-aukio"} {
		v.submit(t, title, "x")
	}
	must(v.Draft(ctx, aino, "r", bench("Köydenveto")))(t)
	find := func(words string, whose proposal.Whose) string {
		t.Helper()
		return titles(must(v.proposals.List(ctx, aino, "r", proposal.List{Words: words, Limit: 30}, whose))(t).Proposals)
	}
	for words, want := range map[string]string{
		"kapyla":                    "Kapyla, Käpylän kenttä",
		"Käpylä":                    "Käpylän kenttä, Kapyla",
		norm.NFD.String("Käpylä"):   "Käpylän kenttä, Kapyla",
		"kapylassa":                 "Käpylän kenttä, Kapyla",
		"toolo":                     "Töölön pyöräpumppu",
		"pyorapumppu":               "Töölön pyöräpumppu",
		"pyorapunppu":               "Töölön pyöräpumppu", // and with a slip
		"lodz":                      "Łódź-aukio",
		`"kapylan kentta"`:          "Käpylän kenttä",
		"kentta -toolo":             "Käpylän kenttä",
		norm.NFKD.String("ＫÄＰＹＬÄＮ"): "Käpylän kenttä, Kapyla",
	} {
		if got := find(words, ""); got != want {
			t.Errorf("%q finds %q, want %q", words, got, want)
		}
	}
	if got := find("koydenveto", proposal.Mine); got != "Köydenveto" {
		t.Errorf("of one's own %q", got)
	}
	if got := titles(must(v.Similar(ctx, eino, "r", "Pyorapumppu Tooloon"))(t)); got != "Töölön pyöräpumppu" {
		t.Errorf("similar: %q", got)
	}
}
