package fault

import (
	"bufio"
	"math/rand/v2"
	"net"
	"testing"
)

// Every kind comes before any comes again, kills are as many as asked for, and
// a disk that cannot be filled is left alone.
func TestDeck(t *testing.T) {
	for _, disk := range []bool{true, false} {
		kills, others := map[string]int{}, map[string]int{}
		for _, k := range deck(rand.New(rand.NewPCG(1, 2)), 50, disk) {
			if k.kills {
				kills[k.name]++
			} else {
				others[k.name]++
			}
		}
		count := func(m map[string]int) (n, least, most int) {
			least = 1 << 30
			for _, c := range m {
				n, least, most = n+c, min(least, c), max(most, c)
			}
			return n, least, most
		}
		if n, least, most := count(kills); n != 50 || len(kills) != 6 || most-least > 1 {
			t.Errorf("kills: %v", kills)
		}
		if n, least, most := count(others); n != 25 || most-least > 1 || (others["box's disk full"] > 0) != disk {
			t.Errorf("others: %v", others)
		}
	}
}

// A proxy passes everything, until it cuts requests before the server has them,
// or answers after it did what was asked.
func TestProxy(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	asked := make(chan string, 1000)
	go func() {
		for {
			c, err := server.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				for lines := bufio.NewScanner(c); lines.Scan(); {
					asked <- lines.Text()
					if _, err := c.Write([]byte("done\n")); err != nil {
						return
					}
				}
			}()
		}
	}()
	p, err := listen("tcp", "127.0.0.1:0", server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	ask := func() bool {
		c, err := net.Dial("tcp", p.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		if _, err := c.Write([]byte("do\n")); err != nil {
			return false
		}
		answer, err := bufio.NewReader(c).ReadString('\n')
		return err == nil && answer == "done\n"
	}
	for _, direction := range []int32{cutNothing, cutRequests, cutAnswers} {
		p.cutting.Store(direction)
		answered := 0
		for range 100 {
			if ask() {
				answered++
			}
		}
		arrived := len(asked)
		for range arrived {
			<-asked
		}
		ok := map[int32]bool{
			cutNothing:  answered == 100 && arrived == 100,
			cutRequests: answered < 100 && arrived == answered,
			cutAnswers:  answered < 100 && arrived == 100,
		}
		if !ok[direction] {
			t.Errorf("cut %d: %d arrived, %d answered", direction, arrived, answered)
		}
	}
}
