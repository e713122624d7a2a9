export { LevelMeterComponent } from './level-meter.component';
export { NoticeComponent } from './notice.component';
export { OnAirSignComponent } from './on-air-sign.component';
