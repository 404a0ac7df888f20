package fault

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// kind is one way to fail. strike does it, and puts back only what it took
// away: a program that was killed is started again, as a supervisor would.
type kind struct {
	name   string
	kills  bool // with -9
	strike func(ctx context.Context, t *deployment) error
}

var kinds = []kind{
	{"server -9", true, killServer},
	{
		"office PostgreSQL -9", true,
		func(ctx context.Context, t *deployment) error { return killPostgres(ctx, t, t.office) },
	},
	{"box PostgreSQL -9", true, func(ctx context.Context, t *deployment) error { return killPostgres(ctx, t, t.box) }},
	{"office backend -9", true, func(ctx context.Context, t *deployment) error { return t.office.killBackend(ctx) }},
	{"box backend -9", true, func(ctx context.Context, t *deployment) error { return t.box.killBackend(ctx) }},
	{"everything -9", true, killEverything},

	{
		"voters' requests cut", false,
		func(ctx context.Context, t *deployment) error { return cut(ctx, t.front, cutRequests) },
	},
	{
		"voters' answers cut", false,
		func(ctx context.Context, t *deployment) error { return cut(ctx, t.front, cutAnswers) },
	},
	{
		"office's requests cut",
		false,
		func(ctx context.Context, t *deployment) error { return cut(ctx, t.officeWire, cutRequests) },
	},
	{
		"office's answers cut",
		false,
		func(ctx context.Context, t *deployment) error { return cut(ctx, t.officeWire, cutAnswers) },
	},
	{
		"box's requests cut", false,
		func(ctx context.Context, t *deployment) error { return cut(ctx, t.boxWire, cutRequests) },
	},
	{
		"box's answers cut", false,
		func(ctx context.Context, t *deployment) error { return cut(ctx, t.boxWire, cutAnswers) },
	},
	{"office PostgreSQL stopped", false, func(ctx context.Context, t *deployment) error { return halt(ctx, t.office) }},
	{"box PostgreSQL stopped", false, func(ctx context.Context, t *deployment) error { return halt(ctx, t.box) }},
	{"box's disk full", false, fillDisk},
}

// deck is the order in which faults strike: so many kills, and another kind
// after every second one; no kind comes again before all others of its sort.
func deck(random *rand.Rand, kills int, disk bool) (cards []kind) {
	sorts := map[bool][]kind{}
	draw := func(kills bool) {
		if len(sorts[kills]) == 0 {
			for _, k := range kinds {
				if k.kills == kills && (disk || k.name != "box's disk full") {
					sorts[kills] = append(sorts[kills], k)
				}
			}
			random.Shuffle(
				len(sorts[kills]),
				func(i, j int) { sorts[kills][i], sorts[kills][j] = sorts[kills][j], sorts[kills][i] },
			)
		}
		cards = append(cards, sorts[kills][0])
		sorts[kills] = sorts[kills][1:]
	}
	for i := range kills {
		draw(true)
		if i%2 == 1 {
			draw(false)
		}
	}
	return cards
}

// pause lets a fault last.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func killServer(ctx context.Context, t *deployment) error {
	t.server.kill()
	pause(ctx, 300*time.Millisecond)
	return t.server.start()
}

func killPostgres(ctx context.Context, t *deployment, c *cluster) error {
	if err := c.killPostmaster(ctx); err != nil {
		return err
	}
	pause(ctx, 300*time.Millisecond)
	return c.start(ctx)
}

func killEverything(ctx context.Context, t *deployment) error {
	t.server.kill()
	if err := errors.Join(t.office.kill(ctx), t.box.kill(ctx)); err != nil {
		return err
	}
	return errors.Join(t.office.start(ctx), t.box.start(ctx), t.server.start())
}

func cut(ctx context.Context, p *proxy, direction int32) error {
	p.cutting.Store(direction)
	pause(ctx, 1500*time.Millisecond)
	p.cutting.Store(cutNothing)
	return nil
}

// halt is a machine that hangs: it takes connections and answers nothing.
func halt(ctx context.Context, c *cluster) error {
	c.signal(syscall.SIGSTOP)
	pause(ctx, 3*time.Second)
	c.signal(syscall.SIGCONT)
	return nil
}

// fillDisk leaves no byte free on the box's data disk, log included. PostgreSQL
// may give up; then it is started again once there is room.
func fillDisk(ctx context.Context, t *deployment) error {
	ballast := filepath.Join(t.disk, "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		return err
	}
	for page := make([]byte, 4096); err == nil; {
		_, err = f.Write(page)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("fill the disk: %w", err)
	}
	pause(ctx, 3*time.Second)
	if err := errors.Join(f.Close(), os.Remove(ballast)); err != nil {
		return err
	}
	pause(ctx, time.Second) // in which it may still be giving up
	if t.box.postmaster() == 0 {
		return errors.Join(t.box.gone(ctx), t.box.start(ctx))
	}
	return nil
}
