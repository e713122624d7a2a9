import { SoundLevels } from './sound-levels';

describe('SoundLevels', () => {
  const levels = (): SoundLevels => new SoundLevels();
  const seconds = (of: SoundLevels, count: number, peaks: readonly number[]): void => {
    for (let frame = 0; frame < count * 10; frame += 1) of.take(peaks);
  };

  it('shows loudness as ears hear it and lets it fall', () => {
    const meter = levels();
    meter.begin('room');
    meter.take([1]);
    expect(meter.meters()).toEqual([1]);
    meter.take([0]);
    expect(meter.meters()[0]).toBeCloseTo(0.7);
    seconds(meter, 3, [0.1]);
    expect(meter.meters()[0]).toBeCloseTo(0.6);
  });

  it('warns soon of a microphone that gives nothing, and not of one that is only quiet', () => {
    const meter = levels();
    meter.begin('room');
    seconds(meter, 6, [0.001]);
    expect(meter.warning()).toBeNull();
    seconds(meter, 6, [0]);
    expect(meter.warning()).toEqual({ kind: 'dead', channels: [0] });
    meter.take([0.2]);
    expect(meter.warning()).toBeNull();
  });

  it('warns when nobody was heard for long', () => {
    const meter = levels();
    meter.begin('room');
    seconds(meter, 44, [0.002]);
    expect(meter.warning()).toBeNull();
    seconds(meter, 2, [0.002]);
    expect(meter.warning()).toEqual({ kind: 'quiet' });
  });

  it('has patience with a silent patient on a call', () => {
    const meter = levels();
    meter.begin('telehealth');
    seconds(meter, 50, [0.2, 0]);
    expect(meter.warning()).toBeNull();
    seconds(meter, 12, [0.2, 0]);
    expect(meter.warning()).toEqual({ kind: 'dead', channels: [1] });
  });

  it('begins anew with another device and after a pause', () => {
    const meter = levels();
    meter.begin('room');
    seconds(meter, 6, [0]);
    meter.heardAgain(0);
    expect(meter.warning()).toBeNull();
    seconds(meter, 6, [0]);
    meter.quietDown();
    expect(meter.warning()).toBeNull();
    expect(meter.meters()).toEqual([0]);
  });
});
