package proposal

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"osbu/domain"
	"osbu/domain/round"
)

func settings() round.Settings {
	return round.Settings{
		Areas:  []round.Area{{ID: "south"}, {ID: "north"}},
		Themes: []round.Theme{{ID: "parks"}},
	}
}

func TestTextsAreCleanedNotTornApart(t *testing.T) {
	for _, c := range []struct{ name, in, title, what string }{
		{"surrounding space", "  a \t", "a", "a"},
		{"a pasted title of two lines", "Penkki\r\nrantaan", "Penkki rantaan", "Penkki\nrantaan"},
		{"old Macintosh line ends", "a\rb", "a b", "a\nb"},
		{"tab inside", "a\tb", "a b", "a\tb"},
		{"line separator U+2028", "a\u2028b", "a b", "a\u2028b"},
		{"decomposed letters", "Ka\u0308pyla\u0308", "Käpylä", "Käpylä"},
		{
			"separators of other formats", `Puisto, "metsä"; 'niitty' | 5 %`, `Puisto, "metsä"; 'niitty' | 5 %`,
			`Puisto, "metsä"; 'niitty' | 5 %`,
		},
		{"emoji of several code points", "👩‍👩‍👧‍👦 🇫🇮", "👩‍👩‍👧‍👦 🇫🇮", "👩‍👩‍👧‍👦 🇫🇮"},
		{"right to left", "حديقة الأطفال (A)", "حديقة الأطفال (A)", "حديقة الأطفال (A)"},
		{"markup is text", "<b>&amp;</b>", "<b>&amp;</b>", "<b>&amp;</b>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var problems domain.Problems
			got := Text{Title: c.in, What: c.in}.Clean(settings(), domain.Extent{}, &problems, "")
			if err := problems.Err(); err != nil {
				t.Fatal(err)
			}
			if got.Title != c.title || got.What != c.what {
				t.Fatalf("title %q, what %q", got.Title, got.What)
			}
			if again := got.Clean(settings(), domain.Extent{}, &problems, ""); !again.equal(got) {
				t.Fatalf("cleaned again: %+v", again)
			}
		})
	}
}

func TestTextsRefused(t *testing.T) {
	long := strings.Repeat("ä", 101)
	for _, c := range []struct {
		name string
		text Text
		want domain.Field
	}{
		{"a title of 101 characters", Text{Title: long}, domain.Field{Path: "title", Code: "too_long", Limit: "100"}},
		{"what of 5001", Text{What: strings.Repeat("😀", 5001)}, domain.Field{Path: "what", Code: "too_long", Limit: "5000"}},
		{"why of 5001", Text{Why: strings.Repeat("x", 5001)}, domain.Field{Path: "why", Code: "too_long", Limit: "5000"}},
		{"place of 501", Text{Place: strings.Repeat("x", 501)}, domain.Field{Path: "place", Code: "too_long", Limit: "500"}},
		{"NUL", Text{What: "a\x00b"}, domain.Field{Path: "what", Code: "bad_format"}},
		{"escape", Text{Title: "a\x1b[2J"}, domain.Field{Path: "title", Code: "bad_format"}},
		{"C1 control", Text{Why: "a\u009bb"}, domain.Field{Path: "why", Code: "bad_format"}},
		{"broken UTF-8", Text{Title: "a\xffb"}, domain.Field{Path: "title", Code: "bad_format"}},
		{"no such area", Text{Area: "east"}, domain.Field{Path: "area", Code: "unknown"}},
		{"no such theme", Text{Theme: "war"}, domain.Field{Path: "theme", Code: "unknown"}},
		{"no such language", Text{Language: "se"}, domain.Field{Path: "language", Code: "unknown"}},
		{
			"beyond the pole",
			Text{Point: &domain.Point{Latitude: 90.1}},
			domain.Field{Path: "point", Code: "bad_format", Limit: "WGS 84"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var problems domain.Problems
			c.text.Clean(settings(), domain.Extent{}, &problems, "")
			if !slices.Equal(problems, domain.Problems{c.want}) {
				t.Fatalf("got %v, want %v", problems, c.want)
			}
		})
	}
	var problems domain.Problems
	if (Text{Title: long[:200], What: strings.Repeat("😀", 5000)}).Clean(settings(), domain.Extent{}, &problems, ""); problems != nil {
		t.Fatalf("exactly as long as allowed: %v", problems)
	}
}

func TestCosts(t *testing.T) {
	const most = int64(mostCents)
	for _, c := range []struct {
		cost Cost
		want []string // path code limit
	}{
		{Cost{0, 1, 0}, nil},
		{Cost{5, 5, 0}, nil},
		{Cost{0, mostCents, 0}, nil},
		{Cost{0, mostCents - 1, 1}, nil},
		{Cost{0, 0, 0}, []string{"cost.maximum too_small 1"}},
		{Cost{6, 5, 0}, []string{"cost.maximum too_small 6"}},
		{Cost{-1, 5, -1}, []string{"cost.minimum too_small 0", "cost.maintenance too_small 0"}},
		{Cost{0, -5, 0}, []string{"cost.maximum too_small 1"}},
		{Cost{0, mostCents + 1, 0}, []string{"cost.maximum too_large 9007199254740991"}},
		{Cost{0, 1<<63 - 1, 1<<63 - 1}, []string{"cost.maximum too_large 9007199254740991"}},
		{Cost{0, 2, mostCents - 1}, []string{"cost.maintenance too_large 9007199254740989"}},
		{Cost{0, 1, 1<<63 - 1}, []string{"cost.maintenance too_large 9007199254740990"}},
	} {
		var problems domain.Problems
		c.cost.Check(&problems, "cost")
		var got []string
		for _, p := range problems {
			got = append(got, p.Path+" "+p.Code+" "+p.Limit)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: got %q, want %q", c.cost, got, c.want)
		}
	}
	if c := (Cost{1, 20, 300}); c.Reserved(true) != 320 || c.Reserved(false) != 20 {
		t.Errorf("reserved %d, %d of %+v (at most %d)", c.Reserved(true), c.Reserved(false), c, most)
	}
}

// What was cleaned once is clean: it fits, holds no control character, and
// cleaning it again changes nothing.
func FuzzTextsCleanOnce(f *testing.F) {
	for _, s := range []string{
		"", " a\r\nb ", "Ka\u0308pyla\u0308", "👩‍👩‍👧‍👦", "\u2000x\u1fef", "a\x00", "\xff",
		"\u0344\u0958\ufb2c",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var problems domain.Problems
		once := Text{Title: s, What: s, Place: s}.Clean(settings(), domain.Extent{}, &problems, "")
		if problems != nil {
			return
		}
		if strings.ContainsAny(once.Title, "\n\r\t") || utf8.RuneCountInString(once.Title) > maxTitle {
			t.Errorf("title %q", once.Title)
		}
		if twice := once.Clean(settings(), domain.Extent{}, &problems, ""); problems != nil || !twice.equal(once) {
			t.Errorf("%+v, again %+v %v", once, twice, problems)
		}
	})
}
