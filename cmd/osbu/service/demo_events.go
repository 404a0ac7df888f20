package service

import (
	"context"
	"fmt"
	"time"

	"osbu/cmd/osbu/demo"
	"osbu/domain"
)

// demoEvents announces the demo's events; a draft stays one, and a cancelled
// one is called off.
func (w *services) demoEvents(
	ctx context.Context,
	official, resident domain.Actor,
	id string,
	today time.Time,
	meetings []demo.Meeting,
) error {
	for _, m := range meetings {
		m.Times = m.At(today)
		v, err := w.events.Draft(ctx, official, id, m.Text)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Title.Fi, err)
		}
		if m.Unfinished {
			continue
		}
		if _, err := w.events.Publish(ctx, official, id, v.ID); err != nil {
			return fmt.Errorf("%s: %w", m.Title.Fi, err)
		}
		if m.Taken {
			_, err = w.events.SignUp(ctx, resident, id, v.ID)
		}
		if m.CalledOff != (domain.Text{}) {
			_, err = w.events.Cancel(ctx, official, id, v.ID, m.CalledOff)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", m.Title.Fi, err)
		}
	}
	return nil
}

// demoHelp notes occasions of help.
func (w *services) demoHelp(ctx context.Context, official domain.Actor, id string) error {
	for c, times := range demo.Help() {
		for range times {
			if err := w.desk.AddContact(ctx, official, id, c); err != nil {
				return err
			}
		}
	}
	return nil
}
