import type { Fields } from './cell.rules.js';

/** Columns of a file of recipients. */
export const RECIPIENT_FIELDS: Fields = {
  name: {
    cell: { type: 'text', most: 200 },
    required: true,
    names: ['full name', 'recipient', 'clinician', 'recipient name', '姓名', '医生姓名', '收件人', '接收人', '名字'],
  },
  profession: { cell: { type: 'text', most: 200 }, names: ['job', 'occupation', 'role', '职业', '职称', '职务'] },
  specialty: { cell: { type: 'text', most: 200 }, names: ['speciality', 'department', 'ward', '专科', '科室', '专业'] },
  facility: {
    cell: { type: 'text', most: 200 },
    names: ['hospital', 'clinic', 'workplace', 'employer', 'institution', '医院', '单位', '工作单位', '机构'],
  },
  country: { cell: { type: 'country' }, names: ['country code', '国家', '国家代码'] },
  subdivision: { cell: { type: 'subdivision' }, names: ['state', 'province', 'region', '省', '州', '省份', '地区'] },
  email: { cell: { type: 'email' }, names: ['e-mail address', 'mail', '邮箱', '电子邮箱', '电子邮件', '邮件'] },
  phone: {
    cell: { type: 'phone' },
    names: ['telephone', 'phone number', 'mobile', 'cell phone', '电话', '手机', '手机号', '联系电话', '电话号码'],
  },
  exposureTier: { cell: { type: 'number', most: 3 }, names: ['tier', 'exposure', '暴露等级', '风险等级', '等级'] },
  headcount: {
    cell: { type: 'number', most: 100_000 },
    names: ['people', 'team size', 'number of people', 'persons', '人数', '团队人数'],
  },
  groups: {
    cell: { type: 'texts', most: 200 },
    names: ['group', 'group name', 'group names', 'circle', '群', '群组', '分组', '组', '小组'],
  },
  reference: {
    cell: { type: 'text', most: 200 },
    names: ['ref', 'id', 'external id', 'recipient id', 'recipient reference', '编号', '外部编号', '参考号'],
  },
};
