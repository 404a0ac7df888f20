package tally_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"osbu/domain/pabulib"
	"osbu/domain/tally"
)

// BenchmarkTally measures whole counts, from the text of a file to the
// explained outcome, and reports for scripts/bench the measure and its baseline
// in seconds: equal shares as textbooks have it, with floats, every open
// project looked at in every round, one voter at a time.
func BenchmarkTally(b *testing.B) {
	add1int := tally.Rule{Method: tally.EqualShares, Completion: tally.Add1Int}
	none := tally.Rule{Method: tally.EqualShares}
	files, _ := filepath.Glob(shared + "/*.pb")
	if len(files) == 0 {
		b.Logf("%s is not there: only testdata is measured", shared)
	}
	files = slices.DeleteFunc(files, func(name string) bool {
		return !slices.Contains(
			[]string{"Poland_Lodz_2022", "Poland_Wieliczka_2023_Green_Budget", "Poland_Warszawa_2021_Ursynow"},
			base(name),
		)
	})
	files = append(files, "../pabulib/testdata/Netherlands_Assen_2024.pb")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		measure(b, base(file), "equal-shares", none, func() string { return string(text) }, math.MaxInt)
		measure(b, base(file), "add1int", add1int, func() string { return string(text) }, math.MaxInt)
	}
	measure(b, "130000_ballots", "equal-shares", none, func() string { return generated(130_000, 160, 0) }, math.MaxInt)
	measure(b, "130000_ballots", "add1int", add1int, func() string { return generated(130_000, 160, 0) }, 3)
	measure(b, "small_currency", "add1int", add1int, func() string { return generated(29_000, 100, 1_000_000_000) }, 5)
	for _, n := range []int{10_000, 100_000} {
		name := strconv.Itoa(n) + "_ballots"
		measure(b, name, "equal-shares", none, func() string { return generated(n, 300, 0) }, 1)
	}
	measure(b, "1000000_ballots", "equal-shares", none, func() string { return generated(1_000_000, 200, 0) }, 1)
	measure(b, "10000000_ballots", "equal-shares", none, func() string { return generated(10_000_000, 300, 0) }, 1)
}

func base(file string) string { return strings.TrimSuffix(filepath.Base(file), ".pb") }

// measure counts once per iteration. The baseline parses too, and makes as many
// runs as the count stands for, or some of them, and the rest is estimated. The
// memory is what the process has taken from the system so far.
func measure(b *testing.B, file, name string, rule tally.Rule, load func() string, most int) {
	b.Run("tally."+file+"."+name, func(b *testing.B) {
		text := load()
		var out tally.Outcome
		var in tally.Instance
		began := time.Now()
		for b.Loop() {
			f, err := pabulib.Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			if in, err = f.Instance(); err != nil {
				b.Fatal(err)
			}
			if out, err = tally.Run(b.Context(), rule, in); err != nil {
				b.Fatal(err)
			}
		}
		took := time.Since(began).Seconds() / float64(b.N)
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)

		runs := min(int(out.Iterations), most)
		began = time.Now()
		if _, err := pabulib.Parse(text); err != nil {
			b.Fatal(err)
		}
		parsing := time.Since(began).Seconds()
		began = time.Now()
		first := out.VoterBudget.Float() - float64(out.Iterations-1)
		for k := range runs {
			textbook(in, first+float64(k)*float64(out.Iterations)/float64(runs))
		}
		baseline := parsing + time.Since(began).Seconds()*float64(out.Iterations)/float64(runs)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(took, "s")
		b.ReportMetric(baseline, "baseline")
		b.ReportMetric(float64(memory.Sys)/(1<<20), "memory-MiB")
	})
}

// textbook is one run of equal shares with approval ballots and utility cost.
func textbook(in tally.Instance, endowment float64) (bought []int) {
	supporters, money := make([][]int32, len(in.Projects)), make([]float64, len(in.Ballots))
	for i := range in.Ballots {
		money[i] = endowment
		for _, p := range in.Ballots[i].Projects {
			supporters[p] = append(supporters[p], int32(i))
		}
	}
	cost := make([]float64, len(in.Projects))
	open := map[int]bool{}
	for p := range in.Projects {
		cost[p] = in.Projects[p].Cost.Float()
		open[p] = true
	}
	for {
		best, bestRho, price := -1, math.Inf(1), 0.0
		for p := range open {
			have := 0.0
			for _, i := range supporters[p] {
				have += money[i]
			}
			if have < cost[p] || len(supporters[p]) == 0 {
				delete(open, p)
				continue
			}
			poor := func(rate float64) (sum float64, rich int) {
				for _, i := range supporters[p] {
					if money[i] <= rate {
						sum += money[i]
					} else {
						rich++
					}
				}
				return sum, rich
			}
			rate := cost[p] / float64(len(supporters[p]))
			for {
				sum, rich := poor(rate)
				if rich == 0 || (cost[p]-sum)/float64(rich) <= rate {
					break
				}
				rate = (cost[p] - sum) / float64(rich)
			}
			if rho := rate / cost[p]; rho < bestRho || rho == bestRho && p < best {
				best, bestRho, price = p, rho, rate
			}
		}
		if best < 0 {
			return bought
		}
		bought = append(bought, best)
		delete(open, best)
		for _, i := range supporters[best] {
			money[i] = max(0, money[i]-price)
		}
	}
}

// generated is a made-up election: costs log-normal, favourites as in Zipf's
// law, voters of twelve districts who prefer their own.
func generated(voters, projects int, budget int64) string {
	rng := rand.New(rand.NewPCG(1, uint64(voters)))
	if budget == 0 {
		budget = 60 * int64(voters)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "META\nkey;value\nbudget;%d\nvote_type;approval\nPROJECTS\nproject_id;cost\n", budget)
	const districts, most = 12, 10
	home, pop := make([]int, projects), make([]float64, projects)
	for p := range projects {
		c := math.Min(math.Exp(rng.NormFloat64()*1.1)*0.012, 0.25) * float64(budget)
		fmt.Fprintf(&text, "%d;%d\n", p+1, max(10, int64(c)/10*10))
		home[p], pop[p] = rng.IntN(districts+districts/2), 1/math.Pow(float64(1+rng.IntN(projects)), 0.6)
	}
	tables := make([][]float64, districts)
	for d := range tables {
		sum := 0.0
		for p := range projects {
			switch {
			case home[p] == d:
				sum += 12 * pop[p]
			case home[p] >= districts:
				sum += pop[p]
			default:
				sum += 0.15 * pop[p]
			}
			tables[d] = append(tables[d], sum)
		}
	}
	text.WriteString("VOTES\nvoter_id;vote\n")
	for i := range voters {
		table, picks := tables[int(math.Abs(rng.NormFloat64())*5)%districts], []int{}
		want := most
		if rng.IntN(20) >= 11 {
			want = 1 + min(most-1, int(rng.ExpFloat64()*3))
		}
		for range 6 * want {
			if len(picks) == want {
				break
			}
			p, _ := slices.BinarySearch(table, rng.Float64()*table[projects-1])
			if p = min(p, projects-1); !slices.Contains(picks, p) {
				picks = append(picks, p)
			}
		}
		fmt.Fprintf(&text, "%d;", i+1)
		for k, p := range picks {
			if k > 0 {
				text.WriteByte(',')
			}
			fmt.Fprint(&text, p+1)
		}
		text.WriteByte('\n')
	}
	return text.String()
}
