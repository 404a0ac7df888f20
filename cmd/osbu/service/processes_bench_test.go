package service

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkProcesses casts ballots at one, two and three servers over the same
// databases, behind a balancer that knows nothing but connections: what more
// servers bring before the database or the machine has no more to give. The
// baseline is one server behind the same balancer. A machine with more
// processors than servers tells more of it: here all share one with the load
// and PostgreSQL, so ballots for each second of the servers' processor time are
// told as well.
func BenchmarkProcesses(b *testing.B) {
	p := balloting{sealed: true}
	var alone float64
	measure := func(b *testing.B, servers int) float64 {
		b.Helper()
		if p.ballots == nil {
			p.prepare(b, benchBallots)
		}
		first := p.open(b)
		all := []*server{first}
		for len(all) < servers {
			all = append(all, first.another(b))
		}
		var urls []string
		for _, s := range all {
			urls = append(urls, s.url)
		}
		balancer := balance(b, urls)
		l := rush(balancer, 128, len(p.ballots), p.ballot)
		l.mustAnswer(b, 200)
		// Each once more, by another connection and so mostly another server: it is
		// there, whoever took it in.
		again := rush(balancer, 127, len(p.ballots)/10, p.ballot)
		again.mustAnswer(b, 200)
		var used time.Duration
		for i := len(all) - 1; i >= 0; i-- { // the first closes what all of them use
			all[i].stop(b)
			used += all[i].process.ProcessState.UserTime() + all[i].process.ProcessState.SystemTime()
		}
		sent := len(p.ballots) + len(p.ballots)/10
		b.Logf("%d servers: %v; %.0f requests for a second of their processor time", servers, l, float64(sent)/used.Seconds())
		return l.rate()
	}
	for _, servers := range []int{1, 2, 3} {
		b.Run(fmt.Sprintf("box.ballots.%d_processes", servers), func(b *testing.B) {
			var rate float64
			for b.Loop() {
				if alone == 0 {
					alone = measure(b, 1)
				}
				if rate = alone; servers > 1 {
					rate = measure(b, servers)
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(rate, "ballots/s")
			b.ReportMetric(alone, "baseline")
		})
	}
}

// another starts a server more, over the same databases.
func (s *server) another(b *testing.B) *server {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") // a port that is free now
	if err != nil {
		b.Fatal(err)
	}
	_ = listener.Close()
	more := &server{url: "http://" + listener.Addr().String()}
	more.settings = append(append(more.settings, s.settings...), "OSBU_ADDR="+listener.Addr().String())
	more.start(b)
	return more
}

// balance passes connections on to the servers in turn, and gives its address.
func balance(b *testing.B, urls []string) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = listener.Close() })
	var turn atomic.Int64
	pass := func(client net.Conn) {
		defer func() { _ = client.Close() }()
		to := strings.TrimPrefix(urls[int(turn.Add(1))%len(urls)], "http://")
		server, err := net.Dial("tcp", to)
		if err != nil {
			return // the client's request fails, and so the benchmark
		}
		defer func() { _ = server.Close() }()
		var both sync.WaitGroup
		for _, way := range [][2]net.Conn{{server, client}, {client, server}} {
			both.Go(func() {
				_, _ = io.Copy(way[0], way[1])
				if c, ok := way[0].(*net.TCPConn); ok {
					_ = c.CloseWrite()
				}
			})
		}
		both.Wait()
	}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil { // the end
				return
			}
			go pass(client)
		}
	}()
	return "http://" + listener.Addr().String()
}
