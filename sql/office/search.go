package office

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/schema"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"osbu/domain/proposal"
)

// term is one word that a search asks for, or one phrase.
type term struct {
	typed string
	not   bool     // asked to be absent
	parts []string // a text that holds one of these holds the word in some form
	heads []string // or a word that begins so: stems too short to be looked for anywhere
	exact bool     // a phrase
	plain bool     // nothing but letters, so that it can only lie within one word
}

// Bounds of a search: more words than these are not looked at, and shorter
// pieces of a word would be found in every text.
const (
	mostTerms  = 10
	shortStem  = 4
	shortTypo  = 4 // letters of a word that may hold a typing error
	mostMeant  = 5 // words that a wrong one may have been meant for
	mostLikely = 3 // similar proposals
)

var quoted = regexp.MustCompile(`-?"[^"]*"|\S+`)

// readTerms understands words, "phrases", and -words that must be absent. Words
// that say nothing (ja, och) are left out unless there is nothing else.
//
// PostgreSQL's snowball dictionaries cut the endings off: puistoissa and
// puistoon become puisto, lekparken becomes lekpark. Looked for as a part of
// the text, such a stem finds compounds as well: leikkipuistossa. What the
// Finnish dictionary does not know are plurals before an i or j (paikoissa) and
// consonant gradation (katu, kadulla): forms makes those.
func readTerms(ctx context.Context, q bun.IDB, words string) ([]term, error) {
	var typed []string
	var terms []term
	for _, word := range quoted.FindAllString(fold(words), mostTerms) {
		t := term{typed: word}
		if rest, ok := strings.CutPrefix(word, "-"); ok && strings.ContainsFunc(rest, unicode.IsLetter) {
			t.not, t.typed = true, rest
		}
		if phrase := strings.Trim(t.typed, `"`); phrase != "" && phrase != t.typed && strings.HasSuffix(t.typed, `"`) &&
			strings.HasPrefix(t.typed, `"`) {
			t.typed, t.exact = phrase, true
		}
		t.parts = []string{t.typed}
		t.plain = !t.exact && !strings.ContainsFunc(t.typed, func(r rune) bool { return !unicode.IsLetter(r) })
		terms, typed = append(terms, t), append(typed, t.typed)
	}
	if len(terms) == 0 {
		return nil, nil
	}
	var stems []struct {
		Fi, Sv []string `bun:",array"`
	}
	err := q.NewRaw("SELECT ts_lexize('finnish_stem', word) AS fi, ts_lexize('swedish_stem', word) AS sv FROM "+
		"unnest(?::text[]) WITH ORDINALITY AS w (word, i) ORDER BY i",
		pgdialect.Array(typed)).
		Scan(ctx, &stems)
	if err != nil {
		return nil, err
	}
	telling := terms[:0:0]
	for i, t := range terms {
		if !t.plain {
			telling = append(telling, t)
			continue
		}
		if len(stems[i].Fi) == 0 || len(stems[i].Sv) == 0 {
			continue
		}
		fi, sv := stems[i].Fi[0], stems[i].Sv[0]
		t.parts = append(t.parts, forms(t.typed, fi)...)
		if utf8.RuneCountInString(sv) >= shortStem {
			t.parts = append(t.parts, sv)
		}
		for _, stem := range []string{fi, sv} {
			if utf8.RuneCountInString(stem) == shortStem-1 && strings.HasPrefix(t.typed, stem) {
				t.heads = append(t.heads, stem)
			}
		}
		slices.Sort(t.parts)
		t.parts = slices.Compact(t.parts)
		telling = append(telling, t)
	}
	if len(telling) == 0 {
		return terms, nil
	}
	return telling, nil
}

// forms are beginnings that a Finnish word's other forms have: its stem,
// lengthened if it is short; without the vowels at its end, where plurals
// differ; and both with their consonants in the other grade.
func forms(word, stem string) []string {
	runes := []rune(word)
	if n := utf8.RuneCountInString(stem); n < shortStem || !strings.HasPrefix(word, stem) { // palloja has the stem palo
		stem = string(runes[:min(max(shortStem, n), len(runes))])
	}
	all := []string{stem}
	if bare := strings.TrimRight(stem, "aeiouyäöj"); utf8.RuneCountInString(bare) >= shortStem {
		all = append(all, bare)
	}
	for _, s := range all {
		all = append(all, otherGrades(s)...)
	}
	var long []string
	for _, s := range all {
		if utf8.RuneCountInString(s) >= shortStem {
			long = append(long, s)
		}
	}
	return long
}

// grades are the pairs of Finnish consonant gradation that a shared beginning
// does not cover, the longer ones first (Iso suomen kielioppi, Verkkokielioppi
// 2008, § 41–43).
var grades = [][2]string{
	{
		"mp",
		"mm",
	},
	{"nt", "nn"},
	{"nk", "ng"},
	{"lt", "ll"},
	{"rt", "rr"},
	{"ht", "hd"},
	{"lk", "l"},
	{"rk", "r"},
	{"pp", "p"},
	{"tt", "t"},
	{"kk", "k"},
	{"t", "d"},
	{"p", "v"},
}

// otherGrades swaps the grade of the consonants before the last vowels: kadu →
// katu, polku → polu, lamm → lamp.
func otherGrades(stem string) (other []string) {
	base := strings.TrimRight(stem, "aeiouyäö")
	vowels := stem[len(base):]
	for _, g := range grades {
		for i := range g {
			if start, ok := strings.CutSuffix(base, g[i]); ok && strings.ContainsAny(start, "aeiouyäö") {
				other = append(other, start+g[1-i]+vowels)
			}
		}
	}
	return other
}

// allowTypos lets each word of four letters or more be found by the words that
// are most like it among those that proposals use: where half of the trigrams
// are the same (pg_trgm's word similarity). The threshold holds for the
// transaction.
func allowTypos(ctx context.Context, tx bun.Tx, terms []term) error {
	typed := make([]string, len(terms))
	for i, t := range terms {
		if !t.exact && !t.not && utf8.RuneCountInString(t.typed) >= shortTypo {
			typed[i] = t.typed
		}
	}
	if _, err := tx.ExecContext(ctx, "SELECT set_config('pg_trgm.word_similarity_threshold', '0.5', true)"); err != nil {
		return err
	}
	var meant []struct {
		I    int
		Word string
	}
	err := tx.NewRaw(`SELECT t.i, w.word FROM unnest(?::text[]) WITH ORDINALITY AS t (typed, i) CROSS JOIN LATERAL (
		SELECT word FROM proposal_word WHERE t.typed <> '' AND plain_of(t.typed) <% plain AND char_length(word) >= ?
		ORDER BY word_similarity(t.typed, word) DESC, similarity(t.typed, word) DESC, word
		LIMIT ?) AS w`, pgdialect.Array(typed), shortTypo, mostMeant).Scan(ctx, &meant)
	for _, m := range meant {
		terms[m.I-1].parts = append(terms[m.I-1].parts, m.Word)
	}
	return err
}

// holds asks whether a text, or a word, in plain letters holds the term.
func (t term) holds(column string) schema.QueryWithArgs {
	var either []string
	var args []any
	like := func(pattern string) { either, args = append(either, column+" LIKE plain_of(?)"), append(args, pattern) }
	for _, part := range t.parts {
		if !slices.ContainsFunc(
			t.parts,
			func(other string) bool { return other != part && strings.Contains(part, other) },
		) {
			like(containing(part))
		}
	}
	for _, head := range t.heads {
		like(likeEscape.Replace(head) + "%")
		like("% " + likeEscape.Replace(head) + "%")
	}
	return bun.SafeQuery("("+strings.Join(either, " OR ")+")", args...)
}

// What is known of a term in a proposal, as four bits of a number that holds
// those of all terms.
const (
	heldBit         = 1 << iota // it is there in some form
	titledBit                   // in the title
	typedInTitleBit             // there as it was typed
	typedBit                    // anywhere as it was typed
	termBits        = iota
)

// ofEach is a term's bits for each of so many terms.
func ofEach(terms, bits int) (all int64) {
	for i := range terms {
		all |= int64(bits) << (termBits * i)
	}
	return all
}

// found are the public proposals that hold at least so many of the terms, with
// their scores: each word in the title counts 4, twice that as it was typed,
// and 1 more if it is there as it was typed. Likeness is 2 for each word in the
// title, 1 elsewhere. Each word that a proposal may use is looked at once, for
// all terms, and of each use nothing is left to be done but to gather the bits:
// of common words there are tens of thousands.
func found(terms []term, least int) schema.QueryWithArgs {
	each := func(bits int) int64 { return ofEach(len(terms), bits) }
	held, typed := each(heldBit), each(typedBit)
	var bits, either []string
	var bitArgs, eitherArgs, phraseArgs []any
	phrases := ""
	for i, t := range terms {
		of := func(bits int64) int64 { return bits << (termBits * i) }
		if t.plain {
			bits, bitArgs = append(bits, "CASE WHEN ? THEN CASE WHEN word LIKE ? THEN ?::bigint ELSE ? END ELSE 0 END"),
				append(bitArgs, t.holds("plain"), containing(t.typed), of(heldBit|typedBit), of(heldBit))
			either, eitherArgs = append(either, "?"), append(eitherArgs, t.holds("plain"))
			continue
		}
		title := "left(p.words, char_length(p.title))" // the words begin with the title, folded
		phrases += " UNION ALL SELECT p.id, ?::bigint | CASE WHEN p.words LIKE ? THEN ? ELSE 0 END | CASE WHEN " + title + `
			LIKE ? THEN ? WHEN ? THEN ? ELSE 0 END
			FROM proposal AS p WHERE p.submitted_at IS NOT NULL AND ?`
		phraseArgs = append(
			phraseArgs,
			of(heldBit),
			containing(t.typed),
			of(typedBit),
			containing(t.typed),
			of(titledBit|typedInTitleBit),
			t.holds("plain_of("+title+")"),
			of(titledBit),
			t.holds("plain_of(p.words)"),
		)
	}
	if len(bits) == 0 {
		bits, either = []string{"0::bigint"}, []string{"false"}
	}
	args := append(
		append(
			append([]any{each(titledBit | typedInTitleBit), typed, held | each(titledBit), held, typed}, bitArgs...),
			eitherArgs...),
		phraseArgs...)
	// OFFSET 0 keeps the words' bits from being made anew for every use.
	return bun.SafeQuery(
		`(SELECT proposal, 4 * bit_count((bits & ?)::bit(64)) + bit_count((bits & ?)::bit(64)) AS score, bit_count((bits &
			?)::bit(64)) AS likeness
		FROM (SELECT proposal, bit_or(bits) AS bits FROM (
			SELECT u.proposal, CASE WHEN u.title THEN w.titled ELSE w.bits END AS bits
			FROM (SELECT id, bits, bits | ((bits & ?) << 1) | ((bits & ?) >> 1) AS titled FROM (
				SELECT id, `+strings.Join(
			bits,
			" | ",
		)+` AS bits FROM proposal_word WHERE `+strings.Join(
			either,
			" OR ",
		)+`) AS w OFFSET 0) AS w JOIN proposal_word_use AS u ON u.word = w.id`+
			phrases+`) AS uses GROUP BY proposal OFFSET 0) AS hits WHERE bit_count((bits & ?)::bit(64)) >= ?)`,
		append(args, held, least)...)
}

// sides are the terms that must be there, and those that must not.
func sides(terms []term) (present, absent []term) {
	for _, t := range terms {
		if t.not {
			absent = append(absent, t)
		} else {
			present = append(present, t)
		}
	}
	return present, absent
}

func containing(part string) string { return "%" + likeEscape.Replace(part) + "%" }

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// fold makes words comparable whatever their case and composition, in Go so
// that the database's locale does not matter; white space counts as one space.
func fold(s string) string {
	return strings.Join(strings.Fields(norm.NFC.String(cases.Fold().String(norm.NFC.String(s)))), " ")
}

// Similar implements proposal.Search. A word in the title counts 2, elsewhere
// 1; to be shown, a proposal must have more than 1 for each word.
func (s *Store) Similar(ctx context.Context, roundID, words string) ([]proposal.Proposal, error) {
	terms, err := readTerms(ctx, s.db, words)
	if err != nil {
		return nil, err
	}
	terms = slices.DeleteFunc(terms, func(t term) bool { return t.not || utf8.RuneCountInString(t.typed) < shortTypo })
	if len(terms) == 0 {
		return nil, nil
	}
	hits := matching(
		s.db.NewSelect().Model((*proposalRow)(nil)).Column("p.id", "found.likeness"),
		roundID,
		proposal.List{},
		nil,
	).
		Join("JOIN ? AS found ON found.proposal = p.id", found(terms, 1)).
		Where("p.state NOT IN ('withdrawn', 'rejected')")
	var rows []proposalRow
	err = selectProposals(s.db, &rows).With("hits", hits).Join("JOIN hits ON hits.id = p.id").
		Where("hits.likeness > ?", len(terms)).OrderExpr("hits.likeness DESC, p.id DESC").Limit(mostLikely).Scan(ctx)
	if err != nil {
		return nil, err
	}
	found := make([]proposal.Proposal, len(rows))
	for i, row := range rows {
		found[i] = row.proposal()
	}
	return found, nil
}
