package sheet

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
)

// CheckValue ties a row of a sheet to what it was made from: another one, when
// it comes back, says that either has changed, or that columns were sorted
// apart. It finds mistakes, not forgers. It begins with a letter, so that no
// program takes it for a number.
func CheckValue(madeFrom []byte) string {
	sum := sha256.Sum256(madeFrom)
	return "t" + hex.EncodeToString(sum[:4])
}

// days1904 lie between the day that spreadsheet programs count from, 30
// December 1899, and 1 January 1904, from which old Macs did (ECMA-376 Part 1,
// §18.17.4.1).
const days1904 = 1462

// slashed is a day with its month before or after it: nobody can tell.
var slashed = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{4})$`)

// Day reads a day as people here write it (31.12.2026), as programs do
// (2026-12-31, with or without an hour), and as a workbook keeps it: days since
// the first of its calendar, which a text file does not tell. A text whose day
// and month can be swapped for another day is none.
func (t Table) Day(cell string) (time.Time, bool) {
	cell = strings.TrimSpace(cell)
	if m := slashed.FindStringSubmatch(cell); m != nil {
		first, _ := strconv.Atoi(m[1]) // digits
		second, _ := strconv.Atoi(m[2])
		if first <= 12 && first != second {
			return time.Time{}, false
		}
		cell = m[1] + "." + m[2] + "." + m[3]
	}
	for _, layout := range []string{time.DateOnly, "2.1.2006", "2006-01-02T15:04:05.999", time.DateTime} {
		if day, err := time.Parse(layout, cell); err == nil {
			return day.Truncate(24 * time.Hour), true
		}
	}
	n, err := strconv.ParseFloat(cell, 64)
	// The calendar of 1900 has a 29 February, which is day 60.
	if t.Encoding != "" || err != nil || math.IsNaN(n) || n < 61 || n > 100_000 {
		return time.Time{}, false
	}
	return time.Date(1899, 12, 30+t.since, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)), true
}

// written is a number as people and programs write it. Thousands stand in
// groups of three behind a space, behind two points at least, or behind one
// point where a comma follows: one point or comma alone parts thousands to half
// of the world and decimals to the other half. frontend/src/lib/number.ts reads
// what is typed into forms alike; testdata/numbers.json holds both to the same.
var (
	written = regexp.MustCompile(`^(?:(\d{1,12}|\d{1,3}(?: \d{3}){1,3})(?:[.,](\d{1,2}|-))?` +
		`|(\d{1,3}(?:\.\d{3}){2,3})(?:,(\d{1,2}|-))?|(\d{1,3}\.\d{3}),(\d{1,2}|-))$`)
	blanks = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ")
	groups = strings.NewReplacer(" ", "", ".", "")
)

// hundredths reads a number of nought or more.
func hundredths(text string) (int64, bool) {
	m := written.FindStringSubmatch(strings.TrimSpace(blanks.Replace(text)))
	if m == nil {
		return 0, false
	}
	rest := strings.TrimSuffix(m[2]+m[4]+m[6], "-")
	n, err := strconv.ParseInt(groups.Replace(m[1]+m[3]+m[5])+(rest + "00")[:2], 10, 64)
	return n, err == nil
}

// Whole reads a whole number of nought or more: 12000, 12 000, 1.200.000,
// 12000,00. Of "12.000" and "12,000" nobody knows whether they are twelve or
// twelve thousand: they are none.
func Whole(cell string) (int64, bool) {
	n, ok := hundredths(cell)
	return n / 100, ok && n%100 == 0
}

// Euros reads whole euros, with or without their unit.
func Euros(cell string) (domain.Cents, bool) {
	c, ok := Cents(cell)
	return c, ok && c%100 == 0
}

// Cents reads euros and cents, with or without their unit.
func Cents(cell string) (domain.Cents, bool) {
	plain := strings.TrimSpace(blanks.Replace(cell))
	plain = strings.TrimPrefix(plain, "€")
	for _, unit := range []string{"€", "euroa", "euro", "eur"} {
		if cut := len(plain) - len(unit); cut > 0 && strings.EqualFold(plain[cut:], unit) {
			plain = plain[:cut]
			break
		}
	}
	n, ok := hundredths(plain)
	return domain.Cents(n), ok
}
