package play

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Overload is what became of a crowd beyond the box's capacity.
type Overload struct {
	Offered      float64 `json:"offered_rate"`      // requests a second
	Rate         float64 `json:"acknowledged_rate"` // a second
	Requests     int     `json:"requests"`          // each sent once; ballots that are in already come again, as they were
	Acknowledged int     `json:"acknowledged"`
	Refused      int     `json:"refused"` // 503: come back
	Errors       int     `json:"errors"`  // no answer, or another one
	Latency              // of the acknowledged, from the intended moment, in ms
	// Service is of them from the request's last byte to the answer's first, by
	// what the service let them wait: the crowd shares the machine with it, and
	// is late itself.
	Service Latency `json:"service"`
}

// At once on a last evening: enough that neither side waits for the other.
const (
	atOffice = 64
	atBox    = 128
)

// lastEvening lets everybody get a credential, and then cast her ballot. A
// voter is a kilobyte or two while she waits.
func (r *Rehearsal) lastEvening(ctx context.Context) Report {
	n := len(r.codes)
	order := rand.Perm(n) // the file's order may be the order of casting, or sorted
	r.Note(fmt.Sprintf("credentials: %d voters", n))
	voters := make([]*voter, n)
	_, issuing := rush(n, atOffice, func(i int) {
		v := r.place.come(r.place.holder(r.codes[i]), r.Election.Ballots[order[i]])
		v.obtain(ctx)
		if v.finish = nil; i%25 != 0 {
			v.issue = nil
		}
		voters[i] = v
		r.Issued()
	})

	first := n
	if r.Overload > 0 {
		first = (n + 1) / 2
	}
	cast := func(i int) {
		if voters[i].cast(ctx); voters[i].issue != nil {
			voters[i].again(ctx)
		}
		r.Voted()
	}
	var whole []time.Duration
	var casting float64
	if r.Within > 0 {
		r.Note(fmt.Sprintf("ballots: %d within %s", first, r.Within))
		whole, casting = arrive(first, r.Within, mostAtOnce, cast)
	} else {
		r.Note(fmt.Sprintf("ballots: %d as fast as the box takes them", first))
		whole, casting = rush(first, atBox, cast)
	}
	rate := float64(first) / casting
	var o *Overload
	if r.Overload > 0 {
		r.Note(fmt.Sprintf("overload: %.0f requests a second for %s", 4*rate, r.Overload))
		o = r.overload(ctx, 4*rate, voters)
		r.Note("those who were told to come back come back")
		rush(n-first, atBox, func(i int) { cast(first + i) })
	}
	for i, v := range voters {
		v.vote.send = nil
		r.votes[order[i]] = v.vote
	}
	report := r.report()
	report.CredentialRate, report.BallotRate, report.Overload = float64(n)/issuing, rate, o
	report.whole(whole)
	return report
}

// overload sends at moments of a Poisson process, each request once, whatever
// has become of the ones before: first the ballots that are not in yet.
func (r *Rehearsal) overload(ctx context.Context, rate float64, voters []*voter) *Overload {
	crowd := visitors(mostAtOnce)
	defer crowd.CloseIdleConnections()
	var mu sync.Mutex
	o := &Overload{}
	var times, service []time.Duration
	places := make(chan struct{}, mostAtOnce)
	var wg sync.WaitGroup
	start := time.Now()
	due := start
	for i := len(voters) - 1; ; i-- {
		due = due.Add(time.Duration(rand.ExpFloat64() / rate * float64(time.Second)))
		if due.Sub(start) > r.Overload || time.Since(start) > r.Overload || ctx.Err() != nil {
			break
		}
		v := voters[(i%len(voters)+len(voters))%len(voters)]
		mu.Lock()
		failed := v.err != nil
		mu.Unlock()
		if failed {
			continue
		}
		arrival := due // the next one is drawn while this one is under way
		time.Sleep(time.Until(arrival))
		places <- struct{}{}
		wg.Go(func() {
			var wrote, answered time.Time
			promise, err := v.try(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
				WroteRequest:         func(httptrace.WroteRequestInfo) { wrote = time.Now() },
				GotFirstResponseByte: func() { answered = time.Now() },
			}), crowd)
			took := time.Since(arrival)
			<-places
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				o.Acknowledged++
				times, service = append(times, took), append(service, answered.Sub(wrote))
				v.take(promise, nil)
			case isRefused(err):
				o.Refused++
			default:
				o.Errors++
			}
		})
		o.Requests++
	}
	sending := time.Since(start).Seconds()
	wg.Wait()
	o.Offered, o.Rate = float64(o.Requests)/sending, float64(o.Acknowledged)/time.Since(start).Seconds()
	o.Latency, o.Service = latency(times), latency(service)
	return o
}

// watchMemory reads the server's resident memory every second until ctx ends,
// and gives the most, in MiB; 0 if nobody tells.
func watchMemory(ctx context.Context, metrics string) <-chan float64 {
	most := make(chan float64, 1)
	go func() {
		var peak float64
		for ctx.Err() == nil && metrics != "" {
			peak = max(peak, residentMemory(ctx, metrics))
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
		most <- peak
	}()
	return most
}

func residentMemory(ctx context.Context, metrics string) (mib float64) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, metrics, nil)
	if err != nil {
		return 0
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	defer func() { _ = response.Body.Close() }()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "process_resident_memory_bytes "); ok {
			bytes, _ := strconv.ParseFloat(value, 64)
			mib = bytes / (1 << 20)
		}
	}
	return mib
}
