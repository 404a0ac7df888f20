package pabulib

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// someCodes are those of the files that are checked here.
var someCodes = Codes{
	Country: func(value string) bool {
		return slices.Contains([]string{
			"Canada", "Finland", "France", "Hungary", "Netherlands", "Poland", "Switzerland", "US", "Worldwide",
		}, value)
	},
	Language: func(value string) bool { return len(value) == 2 },
	Currency: func(value string) bool { return len(value) == 3 && strings.ToUpper(value) == value },
}

// lawful is a file in which the official checker finds nothing.
const lawful = `META
key;value
description;Two swings
country;Finland
unit;Helsinki
instance;2026
num_projects;3
num_votes;4
budget;500
vote_type;approval
rule;greedy
date_begin;01.10.2026
date_end;31.10.2026
min_length;1
max_length;2
language;fi
currency;EUR
comment;#1: a remark #2: another
PROJECTS
project_id;cost;votes;name;category;selected;latitude;longitude
1;300;3;Swings;play;1;60.1;24.9
2;250;2;Bench;rest,play;0;60.2;24.9
3;200;1;Lamp;rest;1;;
VOTES
voter_id;vote;age;sex;voting_method
a;1;30;F;internet
b;1,2;40-59;M;paper
c;1,2;;;paper
d;3;70;O;internet
`

// Every rule of the official checker, by a change of the lawful file: what is
// found, and where.
func TestFindingsAreThoseOfTheOfficialChecker(t *testing.T) {
	for _, c := range []struct {
		old, changed string
		line         int
		isError      bool
		kind, column string
	}{
		{"META\nkey;value", "META\nname;value", 2, true, "file structure error", ""},
		{"PROJECTS\n", "META\nkey;value\nPROJECTS\n", 19, true, "file structure error", ""},
		{"unit;Helsinki", "unit; Helsinki", 5, true, "file structure error", "unit"},
		{"3;200;1", "1;200;1", 23, true, "file structure error", "project_id"},
		{"d;3;70", "a;3;70", 29, true, "file structure error", "voter_id"},
		{"a;1;30;F;internet", "a;1;30;F;internet;more", 26, false, "file structure warning", ""},
		{"PROJECTS", "\nPROJECTS", 19, false, "empty lines removed", ""},
		{"budget;500", "budget;500,0", 9, true, "comma in float!", "budget"},
		{"2;250;2", "2;12,500;2", 22, true, "comma in float!", "cost"},
		{"3;200;1;Lamp;rest;1", "3;0;1;Lamp;rest;1", 23, true, "project with no cost", "cost"},
		{"2;250;2", "2;600;2", 22, true, "single project exceeded whole budget", "cost"},
		{"2;250;2", "2;999999999;2", 22, false, "single project exceeded whole budget", "cost"},
		{"rest,play;0", "rest,play;1", 9, true, "budget exceeded", "budget"},
		{"budget;500", "budget;750", 9, true, "all projects funded", "budget"},
		{"currency;EUR", "currency;EUR\nfully_funded;1", 18, true, "wrong fully_funded flag", "fully_funded"},
		{"currency;EUR", "currency;EUR\nfully_funded;2", 18, true, "fully_funded flag different than 1!", "fully_funded"},
		{"Lamp;rest;1", "Lamp;rest;0", 23, true, "unused budget", "selected"},
		{"num_votes;4", "num_votes;5", 8, true, "different number of votes", "num_votes"},
		{"num_projects;3", "num_projects;4", 7, true, "different number of projects", "num_projects"},
		{"d;3;70", "d;1,2,3;70", 29, true, "vote length exceeded", "vote"},
		{"min_length;1", "min_length;2", 26, true, "vote length too short", "vote"},
		{"max_length;2", "max_length;3", 15, false, "no_max_length_used", "max_length"},
		{"max_length;2", "max_length;4", 15, true, "invalid meta field value", "max_length"},
		{"max_length;2", "max_length;1", 15, false, "choose-1 vote_type suggested", "max_length"},
		{"currency;EUR", "max_points;3\ncurrency;EUR", 17, false, "incompatible meta field for vote_type", "max_points"},
		{"vote_type;approval", "vote_type;choose-1", 27, true, "invalid choose-1 vote length", "vote"},
		{"vote_type;approval", "vote_type;choose-1", 15, true, "invalid choose-1 meta constraint", "max_length"},
		{"vote_type;approval", "vote_type;cumulative", 26, true, "missing points for vote_type", "points"},
		{"vote_type;approval", "vote_type;cumulative", 10, true, "missing meta field value", "max_sum_points"},
		{"b;1,2;40", "b;1, 2;40", 27, true, "whitespace around vote separator", "vote"},
		{"rest,play;0", "rest, play;0", 22, true, "whitespace around list separator", "category"},
		{"d;3;70", "d;9;70", 29, true, "vote for non-existent project", "vote"},
		{"1;300;3", "1;300;9", 21, true, "different values in votes", "votes"},
		{"3;200;1", "3;200;", 23, false, "project with no votes", "votes"},
		{"rule;greedy", "rule;fair", 11, true, "unknown rule value", "rule"},
		{"rule;greedy", "rule;unknown", 11, false, "rule validation skipped", "rule"},
		{"rule;greedy", "rule;greedy-no-skip", 11, true, "greedy-no-skip rule not followed", "selected"},
		{"rule;greedy", "rule;greedy-threshold", 11, true, "missing threshold field", "rule"},
		{"currency;EUR", "min_project_score_threshold;2\ncurrency;EUR", 11, true, "incorrect rule with threshold", "rule"},
		{"rule;greedy", "rule;equalshares", 11, true, "equalshares rule not followed", "selected"},
		{"comment;#1: a remark #2: another\n", "comment;two remarks\n", 18, true, "invalid comment numbering", "comment"},
		{"#2: another", "#3: another", 18, false, "non-sequential comment numbering", "comment"},
		{"country;Finland", "country;Finnland", 4, true, "invalid meta field value", "country"},
		{"language;fi", "language;fin", 16, true, "invalid meta field value", "language"},
		{"currency;EUR", "currency;euro", 17, true, "invalid meta field value", "currency"},
		{"date_begin;01.10.2026", "date_begin;31.02.2026", 12, true, "invalid meta field value", "date_begin"},
		{"date_begin;01.10.2026", "date_begin;01.10.2027", 13, true, "date range missmatch", "date_end"},
		{"instance;2026\n", "", 3, true, "missing meta field value", "instance"},
		{"instance;2026\n", "instance;\n", 6, true, "invalid meta field value", "instance"},
		{"instance;2026\n", "instance;2026\nmood;good\n", 7, true, "not known meta fields", "mood"},
		{"language;fi\ncurrency;EUR", "currency;EUR\nlanguage;fi", 17, false, "wrong meta fields order", "language"},
		{"name;category", "name;target", 20, true, "invalid projects field value", "target"},
		{"name;category", "name;withdrawn", 20, true, "not known projects fields", "withdrawn"},
		{"min_length;1", "min_length;one", 14, true, "incorrect meta field datatype", "min_length"},
		{"Lamp;rest;1", "Lamp;rest;7", 23, true, "invalid projects field value", "selected"},
		{"a;1;30;F", "a;1;old;F", 26, true, "invalid votes field value", "age"},
		{"b;1,2;40-59", "b;1,2;59-40", 27, true, "invalid votes field value", "age"},
		{"a;1;30;F", "a;1;30;X", 26, true, "invalid votes field value", "sex"},
		{"d;3;70;O;internet", "d;3;70;O;", 29, true, "invalid votes field value", "voting_method"},
		{"a;1;30", "a;;30", 26, true, "invalid votes field value", "vote"},
		{"60.2;24.9", "60.2;", 22, true, "invalid projects field value", "latitude"},
		{"60.2;24.9", "60.2;224.9", 22, true, "invalid projects field value", "longitude"},
		{"60.2;24.9", "60.1;24.9", 20, false, "identical project coordinates", "latitude"},
		{"language;fi", "categories;play,sing\nlanguage;fi", 16, false, "unused declared metadata values", "categories"},
		{"language;fi", "categories;play\nlanguage;fi", 16, false, "undeclared metadata values used", "categories"},
		{"rest,play;0", "rest,Play;0", 22, false, "inconsistent label normalization", "category"},
		{"rest,play;0", "rest,rest;0", 22, false, "duplicate values inside list field", "category"},
		{"language;fi", "max_sum_cost;400\nlanguage;fi", 28, false, "approval vote cost above maximum", "vote"},
	} {
		text := strings.Replace(lawful, c.old, c.changed, 1)
		if text == lawful {
			t.Errorf("%q: nothing changed", c.old)
		}
		found := slices.ContainsFunc(Check(text, someCodes), func(f Finding) bool {
			return f.Line == c.line && f.Error == c.isError && f.Kind == c.kind && f.Column == c.column
		})
		if !found {
			t.Errorf("%q instead of %q: got %+v, want line %d, %q, column %q",
				c.changed, c.old, Check(text, someCodes), c.line, c.kind, c.column)
		}
	}
	if found := Check(lawful, someCodes); len(found) > 0 {
		t.Errorf("the lawful file has %+v", found)
	}
}

// The points of a ballot.
func TestFindingsOfPoints(t *testing.T) {
	text := strings.NewReplacer("vote_type;approval", "vote_type;cumulative", "cost;votes;", "cost;votes;score;",
		"1;300;3;", "1;300;3;6;", "2;250;2;", "2;250;2;3;", "3;200;1;", "3;200;1;4;",
		"max_length;2", "max_length;2\nmax_points;3\nmax_sum_points;4", "vote;age", "vote;points;age", "a;1;", "a;1;2;",
		"b;1,2;", "b;1,2;2,2;", "c;1,2;", "c;1,2;2,1;", "d;3;", "d;3;3;").Replace(lawful)
	for _, c := range []struct {
		old, changed string
		line         int
		kind         string
	}{
		{"", "", 25, "different values in scores"},
		{"c;1,2;2,1", "c;1,2;2", 30, "vote/points length mismatch"},
		{"c;1,2;2,1", "c;1,2;2,x", 30, "invalid points value"},
		{"c;1,2;2,1", "c;1,2;2,-1", 30, "negative cumulative points"},
		{"c;1,2;2,1", "c;1,2;1,2", 30, "vote order not sorted by points"},
		{"c;1,2;2,1", "c;1,2;3,3", 30, "points sum above maximum"},
		{"c;1,2;2,1", "c;1,2;4,1", 30, "points above maximum"},
	} {
		found := Check(strings.Replace(text, c.old, c.changed, 1), someCodes)
		if !slices.ContainsFunc(found, func(f Finding) bool { return f.Line == c.line && f.Kind == c.kind }) {
			t.Errorf("%q: got %+v, want line %d, %q", c.changed, found, c.line, c.kind)
		}
	}
}

// The collection's own files have no errors but blanks in lists, which its
// checker began to refuse after the files were read.
func TestRealFilesAreLawful(t *testing.T) {
	for _, name := range files(t) {
		text, _ := read(t, name)
		for _, f := range Check(text, someCodes) {
			if f.Error && f.Kind != "whitespace around list separator" {
				t.Errorf("%s: %+v", filepath.Base(name), f)
			}
		}
	}
}

func TestCommentsTellOfBlankBallotsAndWithdrawals(t *testing.T) {
	comment := Comment([]string{"First: this.", BlankRemark(12), WithdrawnRemark([]string{"1", "3"})})
	text := strings.Replace(lawful, "#1: a remark #2: another", comment, 1)
	for _, f := range Check(text, someCodes) {
		if f.Error {
			t.Errorf("%+v", f)
		}
	}
	f, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	in, err := f.Instance()
	if err != nil {
		t.Fatal(err)
	}
	if in.Voters() != 16 || !in.Projects[0].Withdrawn || in.Projects[1].Withdrawn || !in.Projects[2].Withdrawn {
		t.Errorf("got %d voters, %+v; want 16, 1 and 3 withdrawn", in.Voters(), in.Projects)
	}
	if got := f.Remarks(); len(got) != 3 || got[0] != "First: this." {
		t.Errorf("remarks %q", got)
	}
	for _, remark := range []string{WithdrawnRemark([]string{"9"}), blankRemark + "some."} {
		f, err := Parse(strings.Replace(lawful, "#1: a remark #2: another", Comment([]string{remark}), 1))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Instance(); err == nil {
			t.Errorf("%q is taken", remark)
		}
	}
}

// A budget that cannot be read is told once, and not again by every project
// that no budget of 0 pays for.
func TestUnreadableBudgetIsToldOnce(t *testing.T) {
	t.Parallel()
	for changed, want := range map[string]string{
		"budget;5e2\n":      "incorrect meta field datatype",
		"budget;five\n":     "incorrect meta field datatype",
		"":                  "missing meta field value, refused",
		"budget;\n":         "invalid meta field value",
		"budget;-0x1f4\n":   "incorrect meta field datatype",
		"budget;500,00.0\n": "comma in float!",
	} {
		var kinds []string
		for _, f := range Check(strings.Replace(lawful, "budget;500\n", changed, 1), someCodes) {
			kinds = append(kinds, f.Kind)
		}
		if got := strings.Join(kinds, ", "); got != want {
			t.Errorf("%q: got %s, want %s", changed, got, want)
		}
	}
}
